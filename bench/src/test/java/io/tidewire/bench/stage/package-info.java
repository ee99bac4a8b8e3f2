@NullMarked
package io.tidewire.bench.stage;

import org.jspecify.annotations.NullMarked;
