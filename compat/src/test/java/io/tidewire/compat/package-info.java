/** Proves Tidewire with the vendor's own clients, against the packaged server in a process of its own. */
@NullMarked
package io.tidewire.compat;

import org.jspecify.annotations.NullMarked;
