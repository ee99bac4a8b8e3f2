/** JMH benchmarks of the server's inner loops: codecs and fan-out. Run with {@code bench/run micro}. */
@NullMarked
package io.tidewire.bench.micro;

import org.jspecify.annotations.NullMarked;
