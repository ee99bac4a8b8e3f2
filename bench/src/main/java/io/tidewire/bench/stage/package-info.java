/** What a run does, one thing after the other: each stage starts contestants, measures rounds of windows, and ends them. */
@NullMarked
package io.tidewire.bench.stage;

import org.jspecify.annotations.NullMarked;
