package io.tidewire.bench.micro;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidewire.service.protocol.JsonScanner;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The check that a value is JSON before it is passed on as it is: each payload goes through it once. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class JsonScanning {
    private final byte[] text = ("{\"text\":\"" + "x".repeat(2000) + "\"}").getBytes(UTF_8);
    private final byte[] values = ("["
                    + "{\"id\":12345,\"price\":3.25,\"name\":\"tide\",\"tags\":[true,false,null]},".repeat(29) + "0]")
            .getBytes(UTF_8);

    /** Two kilobytes of which nearly all is one string. */
    @Benchmark
    public byte[] text() {
        JsonScanner.checkItem(text);
        return text;
    }

    /** Two kilobytes of small values. */
    @Benchmark
    public byte[] values() {
        JsonScanner.checkItem(values);
        return values;
    }
}
