package io.tidewire.filter;

import io.tidewire.backplane.embedded.EmbeddedBackplane;
import io.tidewire.hub.Audience;
import io.tidewire.hub.Connection;
import io.tidewire.hub.Fanout;
import io.tidewire.hub.Hub;
import io.tidewire.hub.Hubs;
import io.tidewire.hub.Loops;
import io.tidewire.hub.Observer;
import io.tidewire.hub.TestClient;
import io.tidewire.hub.TestClient.TextDialect;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Members of a real hub on one loop, to ask filters about. */
final class Crowd implements AutoCloseable {
    /** What a test knows of a member. */
    record Person(String id, @Nullable String user, List<String> groups, String protocol) {}

    private final Loops loops = new Loops(1);
    private final Fanout fanout = new Fanout(loops.all(), Observer.NONE);
    private final Hub hub = new Hubs(fanout, new EmbeddedBackplane(fanout, loops.all())).named("chat");
    private final Map<Person, TestClient> clients = new LinkedHashMap<>();

    Crowd(List<Person> people) {
        for (Person person : people) {
            var client = new TestClient(
                    hub, loops.get(0), person.id(), person.user(), new TextDialect(0, person.protocol()));
            clients.put(person, client);
            Loops.await(loops.on(0, () -> hub.open(client.connection, loops.get(0))));
            person.groups().forEach(group -> Loops.await(hub.join(Audience.connection(person.id()), group)));
        }
    }

    /** Whom the filter chooses, asked where a shard would ask. */
    List<Person> chosen(String filter) {
        ODataFilter asked = ODataFilter.of(filter);
        return loops.on(
                0,
                () -> clients.entrySet().stream()
                        .filter(client -> asked.matches(client.getValue().connection))
                        .map(Map.Entry::getKey)
                        .toList());
    }

    /** Does something with the first of them, where its shard would. */
    <T> T on(Function<Connection, T> what) {
        return loops.on(0, () -> what.apply(clients.values().iterator().next().connection));
    }

    @Override
    public void close() {
        loops.close();
    }
}
