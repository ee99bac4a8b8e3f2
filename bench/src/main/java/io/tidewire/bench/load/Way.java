package io.tidewire.bench.load;

import java.util.List;
import java.util.function.Supplier;

/** How a client of the workload {@code connect} comes in. Tokens are made once they are needed. */
public sealed interface Way {
    /** The load's word for it. */
    String mode();

    /** Lines of the file that the load reads. */
    List<String> lines();

    /** An upgrade and nothing else. */
    record Bare(Supplier<List<Upgrade>> upgrades) implements Way {
        @Override
        public String mode() {
            return "upgrade";
        }

        @Override
        public List<String> lines() {
            return upgrades.get().stream().map(Upgrade::line).toList();
        }
    }

    /** POST negotiate with a token each, upgrade with what it answers, hub handshake. */
    record Negotiated(String path, Supplier<List<String>> tokens) implements Way {
        @Override
        public String mode() {
            return "negotiate";
        }

        @Override
        public List<String> lines() {
            return tokens.get().stream().map(token -> path + "\t" + token).toList();
        }
    }
}
