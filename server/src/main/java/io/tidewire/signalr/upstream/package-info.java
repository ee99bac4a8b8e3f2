/**
 * What turns a client's life and messages into calls of upstreams, and their answers into completions (reference E). Knows
 * how such a call looks, not how HTTP is spoken.
 */
@NullMarked
package io.tidewire.signalr.upstream;

import org.jspecify.annotations.NullMarked;
