/** The commands of the {@code tidewire} program. */
@NullMarked
package io.tidewire.cli;

import org.jspecify.annotations.NullMarked;
