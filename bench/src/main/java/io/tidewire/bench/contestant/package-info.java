/** Who takes part in a run: how each is started, reached and published to. */
@NullMarked
package io.tidewire.bench.contestant;

import org.jspecify.annotations.NullMarked;
