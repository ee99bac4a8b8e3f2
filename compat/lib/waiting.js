// Waits for conditions, each with a deadline and a name for what did not happen. Nothing here waits for mere time.
import { setTimeout as pause } from 'node:timers/promises';

export const DEADLINE_MS = 20_000;

/** Rejects with "timed out: <what>" unless the promise settles in time. */
export async function within(promise, what, ms = DEADLINE_MS) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`timed out after ${ms} ms: ${typeof what === 'function' ? what() : what}`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Asks again until the check answers something truthy, and returns it. For state that only polling can see. */
export async function eventually(check, what, ms = DEADLINE_MS) {
  const end = Date.now() + ms;
  for (;;) {
    const answer = await check();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`timed out after ${ms} ms: ${typeof what === 'function' ? what() : what}`);
    await pause(20);
  }
}
