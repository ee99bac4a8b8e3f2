package io.tidewire.bench.load;

import java.util.List;
import java.util.function.Supplier;

/**
 * The clients of one contestant.
 *
 * @param protocol what they speak, by the load's name for it
 * @param pingSeconds each says that it is there this often; 0 for never
 * @param expectId whether the server tells each its connection id
 * @param upgrades one for each client; where there are fewer, they are taken in turn. Asked for once the clients are needed: thousands
 *     of tokens take their time, and a plan only wants to know who could have clients
 */
public record Clients(int count, String protocol, int pingSeconds, boolean expectId, Supplier<List<Upgrade>> upgrades) {
    public static Clients alike(int count, String protocol, int pingSeconds, Upgrade upgrade) {
        return new Clients(count, protocol, pingSeconds, false, () -> List.of(upgrade));
    }
}
