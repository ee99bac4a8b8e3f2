// Network pieces between a client and the service: a cable that can be cut, and an application's own negotiate endpoint.
import http from 'node:http';
import net from 'node:net';
import { once } from 'node:events';

/** A TCP relay to the service; `cut()` drops every connection through it as a pulled cable would. */
export class Cable {
  #sockets = new Set();
  #server;

  static async to(t, endpoint) {
    const cable = new Cable();
    const target = new URL(endpoint);
    cable.#server = net.createServer((near) => {
      const far = net.connect(Number(target.port), target.hostname);
      for (const [from, into] of [[near, far], [far, near]]) {
        cable.#sockets.add(from);
        from.on('error', () => into.destroy());
        from.on('close', () => {
          cable.#sockets.delete(from);
          into.destroy();
        });
        from.pipe(into);
      }
    });
    cable.#server.listen(0, '127.0.0.1');
    await once(cable.#server, 'listening');
    cable.endpoint = `http://127.0.0.1:${cable.#server.address().port}`;
    t.after(() => {
      cable.#server.close();
      cable.cut();
    });
    return cable;
  }

  cut() {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }
}

/** What a serverless application runs: POST /negotiate answers the service's URL and a token for it. */
export async function applicationNegotiate(t, answer) {
  const application = { calls: 0 };
  const server = http.createServer((request, response) => {
    application.calls++;
    request.resume();
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answer(request)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  application.url = `http://127.0.0.1:${server.address().port}/`;
  return application;
}
