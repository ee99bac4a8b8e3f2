package io.tidewire.config;

import io.tidewire.config.type.Nearest;
import io.tidewire.config.type.Quote;
import io.tidewire.config.type.Raw;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The {@code TIDEWIRE_*} variables of the environment. One that means nothing is an error, like an unknown key. */
final class EnvironmentSource {
    /**
     * A variable that belongs to Tidewire without being a setting.
     *
     * @param words what it may hold; empty for anything
     */
    record Other(String name, String doc, List<String> words) {
        Other(String name, String doc) {
            this(name, doc, List.of());
        }
    }

    private static final String CONFIG = "TIDEWIRE_CONFIG";

    static final List<Other> OTHERS = List.of(
            new Other(CONFIG, "the settings file, when no option names one"),
            new Other("TIDEWIRE_JAVA_HOME", "the JDK that the launcher takes"),
            new Other("TIDEWIRE_JAVA_OPTS", "options for the Java runtime"),
            new Other(
                    "TIDEWIRE_LOG_FORMAT", "`text` (default) or `json`, one object per line", List.of("text", "json")),
            new Other(
                    "TIDEWIRE_LOG_LEVEL",
                    "`error`, `warn`, `info` (default), `debug` or `trace`",
                    List.of("error", "warn", "info", "debug", "trace")),
            new Other("TIDEWIRE_NO_AOT", "with 1 the launcher neither makes nor uses a start-up cache"),
            new Other("TIDEWIRE_NO_BUILD", "with 1 the launcher never builds"));

    /** What Kubernetes puts into each pod for a Service that is named tidewire or tidewire-something. */
    private static final Pattern SERVICE_LINK = Pattern.compile(
            "TIDEWIRE_(\\w+_)?(SERVICE_HOST|SERVICE_PORT(_\\w+)?|PORT|PORT_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)");

    private EnvironmentSource() {}

    static Optional<Path> file(Map<String, String> environment) {
        String file = environment.getOrDefault(CONFIG, "");
        return file.isBlank() ? Optional.empty() : Optional.of(Path.of(file));
    }

    /** In the order of their names, so that errors come in the same order each time. */
    static List<Given> read(Map<String, String> environment, Problems problems) {
        var given = new ArrayList<Given>();
        new TreeMap<>(environment).forEach((name, value) -> {
            if (!name.startsWith(Setting.ENVIRONMENT_PREFIX)) {
                return;
            }
            var origin = new Origin.Variable(name);
            Setting<?> setting = find(name);
            if (setting == null) {
                checkOther(origin, value, problems);
            } else if (!value.isEmpty()) {
                given.add(new Given(setting, new Raw.One(value), origin));
            }
        });
        return given;
    }

    private static @Nullable Setting<?> find(String name) {
        for (Setting<?> setting : Catalogue.all()) {
            if (setting.environmentName().equals(name)) {
                return setting;
            }
        }
        return null;
    }

    private static void checkOther(Origin.Variable variable, String value, Problems problems) {
        for (Other other : OTHERS) {
            if (other.name().equals(variable.name())) {
                checkWord(variable, value, other.words(), problems);
                return;
            }
        }
        if (!isServiceLink(variable.name())) {
            problems.add("unknown variable " + Quote.of(variable.name()) + hint(variable.name()));
        }
    }

    private static void checkWord(Origin.Variable variable, String value, List<String> words, Problems problems) {
        boolean taken = value.isEmpty() || words.isEmpty() || words.contains(value.toLowerCase(Locale.ROOT));
        if (!taken) {
            problems.add(variable, "must be one of " + String.join(", ", words) + ", but is " + Quote.of(value));
        }
    }

    private static String hint(String name) {
        Stream<String> settings = Catalogue.all().stream().map(Setting::environmentName);
        Stream<String> others = OTHERS.stream().map(Other::name);
        return Problems.hint(Nearest.among(name, Stream.concat(settings, others).toList()));
    }

    static boolean isServiceLink(String name) {
        return SERVICE_LINK.matcher(name).matches();
    }
}
