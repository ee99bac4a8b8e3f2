@NullMarked
package io.tidewire.bench.report;

import org.jspecify.annotations.NullMarked;
