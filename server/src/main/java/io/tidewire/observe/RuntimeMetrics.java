package io.tidewire.observe;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetric;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import org.jspecify.annotations.Nullable;

/**
 * The Java runtime: memory, garbage collection, threads, processor, files, uptime. Waits for the first scrape, because the
 * management beans cost a start some hundred milliseconds that most starts of a laptop never need.
 */
final class RuntimeMetrics implements AutoCloseable {
    private final PrometheusMeterRegistry registry;
    private @Nullable JvmGcMetrics collections; // guarded by this; null before the start

    RuntimeMetrics(PrometheusMeterRegistry registry) {
        this.registry = registry;
    }

    synchronized void start() {
        if (collections != null) {
            return;
        }
        collections = new JvmGcMetrics();
        collections.bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        buffers();
    }

    /** Network buffers, which the runtime's own figures for direct memory may not include. */
    private void buffers() {
        if (ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider allocator) {
            ByteBufAllocatorMetric metric = allocator.metric();
            Gauge.builder("tidewire.buffers.direct.bytes", metric::usedDirectMemory)
                    .description("Memory outside the heap that network buffers hold")
                    .register(registry);
            Gauge.builder("tidewire.buffers.heap.bytes", metric::usedHeapMemory)
                    .description("Memory in the heap that network buffers hold")
                    .register(registry);
        }
    }

    @Override
    public synchronized void close() {
        if (collections != null) {
            collections.close();
        }
    }
}
