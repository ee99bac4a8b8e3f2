/** The machine: processes on their CPUs, ports, and what {@code /proc} tells of them. */
@NullMarked
package io.tidewire.bench.machine;

import org.jspecify.annotations.NullMarked;
