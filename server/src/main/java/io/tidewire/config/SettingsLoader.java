package io.tidewire.config;

import io.tidewire.config.type.BadValue;
import io.tidewire.config.type.Quote;
import io.tidewire.config.type.Raw;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the settings: default, then file, then environment, then command line; the last one wins. */
public final class SettingsLoader {
    private final Problems problems = new Problems();
    private final Map<String, Given> winners = new HashMap<>();

    private SettingsLoader() {}

    /**
     * Checks everything that is written anywhere, also what a later source overrides.
     *
     * @param file the settings file; when empty, the one that {@code TIDEWIRE_CONFIG} names, if it is set
     * @param environment all variables of the process
     * @param sets the values of {@code --set}, each {@code key=value}
     * @throws InvalidSettings with all problems, when there is one
     */
    public static LoadedSettings load(
            Profile profile, Optional<Path> file, Map<String, String> environment, List<String> sets) {
        return new SettingsLoader().read(profile, file, environment, sets);
    }

    private LoadedSettings read(
            Profile profile, Optional<Path> file, Map<String, String> environment, List<String> sets) {
        file.or(() -> EnvironmentSource.file(environment))
                .ifPresent(path -> take(new YamlSource(path, environment, problems).read()));
        take(EnvironmentSource.read(environment, problems));
        take(commandLine(sets));

        var values = new Values(profile, winners);
        var rules = new Rules(values, problems);
        if (!problems.isUnread()) {
            rules.check();
        }
        if (!problems.isEmpty()) {
            throw new InvalidSettings(problems.lines());
        }
        return new LoadedSettings(Catalogue.settings(values), entries(values), rules.warnings());
    }

    private void take(List<Given> source) {
        for (Given given : source) {
            try {
                given.setting().type().parse(given.raw());
                winners.put(given.setting().key(), given);
            } catch (BadValue bad) {
                problems.add(given.origin(), given.setting(), bad);
            }
        }
    }

    private List<Given> commandLine(List<String> sets) {
        var given = new ArrayList<Given>();
        var origin = new Origin.CommandLine();
        for (String set : sets) {
            int equals = set.indexOf('=');
            String key = set.substring(0, Math.max(equals, 0)).strip();
            if (key.isEmpty()) {
                problems.add(origin, Quote.of(set) + " must be key=value");
                continue;
            }
            Setting<?> setting = Catalogue.find(key);
            if (setting == null) {
                problems.unknown(origin, key);
            } else {
                given.add(new Given(setting, new Raw.One(set.substring(equals + 1)), origin));
            }
        }
        return given;
    }

    private static List<LoadedSettings.Entry> entries(Values values) {
        var entries = new ArrayList<LoadedSettings.Entry>();
        for (Setting<?> setting : Catalogue.all()) {
            LoadedSettings.Entry entry = entry(setting, values);
            if (entry != null) {
                entries.add(entry);
            }
        }
        return entries;
    }

    private static <T> LoadedSettings.@Nullable Entry entry(Setting<T> setting, Values values) {
        Origin origin = values.origin(setting);
        return origin == null
                ? null
                : new LoadedSettings.Entry(setting.key(), setting.type().print(values.need(setting)), origin);
    }
}
