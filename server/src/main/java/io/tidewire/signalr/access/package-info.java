/** What the claims of a SignalR client say. */
@NullMarked
package io.tidewire.signalr.access;

import org.jspecify.annotations.NullMarked;
