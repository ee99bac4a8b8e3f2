/** Web PubSub Service: rooms of the same names as those of SignalR Service, which it does not know. */
@NullMarked
package io.tidewire.webpubsub;

import org.jspecify.annotations.NullMarked;
