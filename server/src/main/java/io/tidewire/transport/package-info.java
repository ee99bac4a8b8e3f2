/**
 * What carries a client: WebSocket today, server-sent events and long polling later. Owns frames on the wire, the outbox
 * and its bound; knows no hub protocol.
 */
@NullMarked
package io.tidewire.transport;

import org.jspecify.annotations.NullMarked;
