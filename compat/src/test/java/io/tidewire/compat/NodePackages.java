package io.tidewire.compat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Node.js and the packages that the lock file names, as the JavaScript tests need them. */
final class NodePackages {
    private static final int OLDEST_NODE = 20;
    private static final Duration VERSION_LIMIT = Duration.ofSeconds(30);
    private static final Duration INSTALL_LIMIT = Duration.ofMinutes(5);

    private NodePackages() {}

    /** Something is not there, with words for a person. */
    static final class Missing extends Exception {
        private static final long serialVersionUID = 1L;

        private final String reason;
        private final String remedy;

        Missing(String reason, String remedy) {
            super(reason);
            this.reason = reason;
            this.remedy = remedy;
        }

        String reason() {
            return reason;
        }

        String remedy() {
            return remedy;
        }
    }

    /** Installs the packages with {@code npm ci} unless those of this lock file are there already. */
    static void prepare(Path folder) throws Missing, IOException, InterruptedException {
        requireNode(folder);
        Path lock = folder.resolve("package-lock.json");
        Path installed = folder.resolve("node_modules").resolve(".package-lock.json");
        if (Files.exists(installed)
                && Files.getLastModifiedTime(installed).compareTo(Files.getLastModifiedTime(lock)) >= 0) {
            return;
        }
        Finished install;
        try {
            install = Finished.run(folder, INSTALL_LIMIT, Map.of(), List.of("npm", "ci", "--no-audit", "--no-fund"));
        } catch (IOException e) {
            throw new Missing("npm is not installed", "install npm, then run mvn verify again");
        }
        if (install.exitCode() != 0) {
            throw new Missing(
                    "npm ci failed in the folder compat:\n" + install.lastLines(15),
                    "make a package registry reachable, or run \"npm ci\" in the folder compat where one is");
        }
    }

    private static void requireNode(Path folder) throws Missing, InterruptedException {
        String remedy = "install Node.js " + OLDEST_NODE + " or newer with npm, then run mvn verify again";
        String version;
        try {
            version = Finished.run(folder, VERSION_LIMIT, Map.of(), List.of("node", "--version"))
                    .output()
                    .strip();
        } catch (IOException e) {
            throw new Missing("Node.js is not installed", remedy);
        }
        // Such as v20.20.2
        String major = version.replaceFirst("^v(\\d{1,4})\\..*$", "$1");
        if (!major.matches("\\d{1,4}") || Integer.parseInt(major) < OLDEST_NODE) {
            throw new Missing("Node.js is too old: " + version, remedy);
        }
    }
}
