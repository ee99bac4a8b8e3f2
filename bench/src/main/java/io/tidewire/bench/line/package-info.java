/** Lines of {@code key=value} words: what the load answers, what a run records, and what a report is made from. */
@NullMarked
package io.tidewire.bench.line;

import org.jspecify.annotations.NullMarked;
