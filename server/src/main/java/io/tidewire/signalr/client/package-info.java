/** Clients of SignalR Service: negotiate, connect, the session from handshake to close. */
@NullMarked
package io.tidewire.signalr.client;

import org.jspecify.annotations.NullMarked;
