@NullMarked
package io.tidewire.bench;

import org.jspecify.annotations.NullMarked;
