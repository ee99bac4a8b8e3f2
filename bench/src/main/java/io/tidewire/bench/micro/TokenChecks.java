package io.tidewire.bench.micro;

import io.tidewire.auth.AccessKeys;
import io.tidewire.auth.AudienceCheck;
import io.tidewire.auth.Claim;
import io.tidewire.auth.KeySettings;
import io.tidewire.auth.TokenIssuer;
import io.tidewire.auth.TokenSettings;
import io.tidewire.auth.TokenVerifier;
import io.tidewire.auth.Verdict;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Whether a caller's token is good: one that goes on coming, and those that come once. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class TokenChecks {
    /** More than a verifier remembers by far, in turns: hardly one of them is still known when it comes again. */
    private static final int TOKENS = 1 << 17;

    private final AccessKeys keys =
            new AccessKeys("bench.keys", new KeySettings("a-key-for-benchmarks-that-is-long-enough-for-HS256", null));
    private final TokenIssuer issuer = new TokenIssuer(keys, InstantSource.system());
    private final TokenVerifier verifier =
            new TokenVerifier(keys, TokenSettings.DEFAULT, List.of(), InstantSource.system());
    private final AudienceCheck check = new AudienceCheck.Rest("/api/v1/hubs/chat", List.of("localhost"));
    private final String again = token("again");
    private String[] once = {};
    private int next;

    private String token(String user) {
        return issuer.issue("http://localhost/api", Duration.ofHours(1), List.of(Claim.of("sub", user)));
    }

    @Setup
    public void tokens() {
        once = new String[TOKENS];
        for (int i = 0; i < TOKENS; i++) {
            once[i] = token("user" + i);
        }
    }

    @Benchmark
    public Verdict again() {
        return verifier.verify(again, check);
    }

    @Benchmark
    public Verdict once() {
        return verifier.verify(once[next++ & (TOKENS - 1)], check);
    }
}
