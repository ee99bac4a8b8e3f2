package io.tidewire.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One attempt to load settings, put together piece by piece. Files appear in problems as {@code tidewire.yaml}. */
final class Loading {
    static final String KEY = "test-key-test-key-test-key-test-key-1234";

    private final Profile profile;
    private final Map<String, String> environment = new HashMap<>();
    private List<String> sets = List.of();
    private byte @Nullable [] file;

    private Loading(Profile profile) {
        this.profile = profile;
    }

    static Loading dev() {
        return new Loading(Profile.DEV);
    }

    /** With a key, so that only what a test adds can be wrong. */
    static Loading serve() {
        return new Loading(Profile.SERVE).env("TIDEWIRE_SIGNALR_KEYS_PRIMARY", KEY);
    }

    static Loading serveWithoutKey() {
        return new Loading(Profile.SERVE);
    }

    Loading yaml(String text) {
        return file(text.getBytes(StandardCharsets.UTF_8));
    }

    Loading file(byte[] bytes) {
        this.file = bytes.clone();
        return this;
    }

    Loading env(String name, String value) {
        environment.put(name, value);
        return this;
    }

    Loading set(String... keyValues) {
        this.sets = List.of(keyValues);
        return this;
    }

    LoadedSettings load() {
        if (file == null) {
            return SettingsLoader.load(profile, Optional.empty(), environment, sets);
        }
        try {
            Path directory = Files.createTempDirectory("settings");
            Path path = directory.resolve("tidewire.yaml");
            try {
                Files.write(path, file);
                return SettingsLoader.load(profile, Optional.of(path), environment, sets);
            } catch (InvalidSettings e) {
                throw new InvalidSettings(e.problems().stream()
                        .map(problem -> problem.replace(directory + "/", ""))
                        .toList());
            } finally {
                Files.deleteIfExists(path);
                Files.delete(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is wrong; empty when the settings load. */
    List<String> problems() {
        try {
            load();
            return List.of();
        } catch (InvalidSettings e) {
            return e.problems();
        }
    }
}
