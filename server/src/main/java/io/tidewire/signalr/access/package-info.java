/** Who may come in, and which hub is meant: what REST callers and clients have in common. */
@NullMarked
package io.tidewire.signalr.access;

import org.jspecify.annotations.NullMarked;
