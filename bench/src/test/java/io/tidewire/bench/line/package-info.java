@NullMarked
package io.tidewire.bench.line;

import org.jspecify.annotations.NullMarked;
