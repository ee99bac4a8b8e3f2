/** The backplane of a single node: every command goes straight to the local fan-out. */
@NullMarked
package io.tidewire.backplane.embedded;

import org.jspecify.annotations.NullMarked;
