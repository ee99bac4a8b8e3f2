package io.tidewire.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.observe.Metrics;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Every reason for which a connection ends has its counter, and its line in {@code docs/closing.md}, which says the same. */
class DisconnectTest {
    private static final String DETAIL = "the detail";

    /** By the name that the document uses; those that are made for a detail with one. */
    private static Map<String, Disconnect> all() throws ReflectiveOperationException {
        var all = new LinkedHashMap<String, Disconnect>();
        for (var field : Disconnect.class.getFields()) {
            if (field.getType() == Disconnect.class) {
                all.put(field.getName(), (Disconnect) field.get(null));
            }
        }
        for (Method method : Disconnect.class.getDeclaredMethods()) {
            if (Modifier.isStatic(method.getModifiers()) && method.getReturnType() == Disconnect.class) {
                Object argument = method.getParameterTypes()[0] == String.class ? DETAIL : true;
                all.put(method.getName(), (Disconnect) method.invoke(null, argument));
            }
        }
        return all;
    }

    /** The cells of each line of the table, by name. */
    private static Map<String, List<String>> documented() throws IOException {
        var lines = new LinkedHashMap<String, List<String>>();
        Path here = Path.of("").toAbsolutePath();
        Path docs = Files.exists(here.resolve("docs")) ? here.resolve("docs") : here.resolveSibling("docs");
        for (String line : Files.readAllLines(docs.resolve("closing.md"))) {
            if (line.startsWith("| `")) {
                List<String> cells =
                        Arrays.stream(line.split("\\|", -1)).map(String::strip).toList();
                lines.put(cells.get(1).replace("`", ""), cells);
            }
        }
        return lines;
    }

    @Test
    void theDocumentHasALineForEachAndTellsTheSame() throws Exception {
        Map<String, List<String>> documented = documented();
        assertThat(new TreeSet<>(documented.keySet())).isEqualTo(new TreeSet<>(all().keySet()));
        all().forEach((name, why) -> {
            List<String> cells = documented.getOrDefault(name, List.of());
            assertThat(cells.get(2)).as(name).isEqualTo(why.category().label());
            if (why.message() != null && !why.message().equals(DETAIL)) {
                assertThat(cells.get(3)).as(name).isEqualTo(why.message());
            }
        });
    }

    @Test
    void theDocumentTellsWhoMayComeBack() throws Exception {
        Map<String, List<String>> documented = documented();
        all().forEach((name, why) -> {
            List<String> cells = documented.getOrDefault(name, List.of());
            if (!cells.get(4).contains("diagnostic")) {
                assertThat(cells.get(4)).as(name).isEqualTo(String.valueOf(why.allowReconnect()));
            }
        });
    }

    @Test
    void eachIsCountedUnderItsCategory() throws Exception {
        for (var entry : all().entrySet()) {
            try (var metrics = new Metrics("test")) {
                Observer observer = metrics.observer("signalr");
                observer.opened("chat");
                observer.closed("chat", entry.getValue());
                assertThat(metrics.scrape())
                        .as(entry.getKey())
                        .contains("tidewire_connections_closed_total{category=\""
                                + entry.getValue().category().label() + "\",service=\"signalr\"} 1.0");
            }
        }
    }

    @Test
    void eachCategoryThatIsCountedCanHappen() throws Exception {
        var happening = new TreeSet<Disconnect.Category>();
        for (Disconnect why : all().values()) {
            happening.add(why.category());
        }
        assertThat(happening)
                .containsAll(List.of(Disconnect.Category.values()).stream()
                        .filter(category -> category != Disconnect.Category.UNAUTHORIZED)
                        .toList());
    }
}
