/** The subprotocols of Web PubSub: messages in, frames out. */
@NullMarked
package io.tidewire.webpubsub.protocol;

import org.jspecify.annotations.NullMarked;
