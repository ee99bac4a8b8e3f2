/**
 * What carries a client: WebSocket, server-sent events, long polling. Owns frames on the wire, what waits for a client
 * and its bound; knows no hub protocol.
 */
@NullMarked
package io.tidewire.transport;

import org.jspecify.annotations.NullMarked;
