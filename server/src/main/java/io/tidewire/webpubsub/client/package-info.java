/** Clients: their way in, their sessions, acks, recovery, streams, and the seam to what stands behind them. */
@NullMarked
package io.tidewire.webpubsub.client;

import org.jspecify.annotations.NullMarked;
