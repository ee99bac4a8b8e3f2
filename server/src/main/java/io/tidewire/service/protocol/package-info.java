/** JSON as bytes: scanned for what routing needs, the rest carried as it came. */
@NullMarked
package io.tidewire.service.protocol;

import org.jspecify.annotations.NullMarked;
