/** From recorded windows to tables and charts. Knows nothing of processes: a report can be written again from its lines. */
@NullMarked
package io.tidewire.bench.report;

import org.jspecify.annotations.NullMarked;
