package io.tidewire.upstream;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;

/**
 * What all calls work with.
 *
 * @param workers a thread for each task: nothing waits there for something else
 * @param timer one thread, which only hands over
 */
record Workshop(
        WebhookSettings settings,
        AddressPolicy policy,
        NameLookup names,
        Dialer dialer,
        ExecutorService workers,
        ScheduledExecutorService timer,
        WebhookObserver observer) {}
