package io.tidewire.http;

import io.netty.channel.Channel;

/** A connection while it speaks HTTP of either version: what a listener ends when it stops. */
interface Conversation {
    Channel channel();

    /** The listener is closing: ends the connection once it owes no answer. Any thread. */
    void drain();
}
