/** The SignalR hub protocol in JSON and in MessagePack: messages in, frames out. */
@NullMarked
package io.tidewire.signalr.protocol;

import org.jspecify.annotations.NullMarked;
