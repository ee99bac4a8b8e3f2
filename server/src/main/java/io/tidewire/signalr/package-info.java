/**
 * Azure SignalR Service: the front door that joins {@code rest}, {@code client} and {@code protocol} to the hub. Never
 * imports its sibling service.
 */
@NullMarked
package io.tidewire.signalr;

import org.jspecify.annotations.NullMarked;
