package io.tidewire.bench.contestant;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All who can take part, in the order in which the report lists them. */
public final class Contestants {
    private static final List<Contestant> ALL = Stream.of(
                    Stream.of(new Floor()),
                    Stream.of(Tidewire.Form.values()).map(Tidewire::new),
                    Stream.of(ScriptPeer.Library.BUN).map(ScriptPeer::new),
                    Stream.of(new Nchan(), new Nats()),
                    Stream.of(ScriptPeer.Library.WS, ScriptPeer.Library.SOCKET_IO)
                            .map(ScriptPeer::new))
            .<Contestant>flatMap(Function.identity())
            .toList();

    private static final Map<String, Contestant> BY_NAME =
            ALL.stream().collect(Collectors.toUnmodifiableMap(Contestant::name, Function.identity()));

    private Contestants() {}

    public static List<Contestant> all() {
        return ALL;
    }

    /**
     * The one of that name.
     *
     * @throws IllegalArgumentException for a name that nobody has
     */
    public static Contestant named(String name) {
        Contestant contestant = BY_NAME.get(name);
        if (contestant == null) {
            throw new IllegalArgumentException("There is no contestant " + name + "; there are "
                    + ALL.stream().map(Contestant::name).collect(Collectors.joining(" ")));
        }
        return contestant;
    }
}
