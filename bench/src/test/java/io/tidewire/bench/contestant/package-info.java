@NullMarked
package io.tidewire.bench.contestant;

import org.jspecify.annotations.NullMarked;
