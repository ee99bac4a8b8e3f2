/** The load side as the orchestrator sees it: a C program per contestant, which takes one command a line. */
@NullMarked
package io.tidewire.bench.load;

import org.jspecify.annotations.NullMarked;
