package io.tidewire.cli;

import io.tidewire.app.Tidewire;
import io.tidewire.config.Catalogue;
import io.tidewire.config.Profile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The entry of the {@code tidewire} program, and the one place where its commands meet the rooms behind them. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        int code = new Program(wiring(), Stdio.system()).run(args);
        Tidewire.lastWords();
        // Not just a return: threads of a library that are no daemons must not keep a finished command alive.
        System.exit(code);
    }

    /** The seams of the commands, connected to {@code io.tidewire.app} and {@code io.tidewire.config}. */
    private static Seams wiring() {
        return new Seams(LocalServer::start, new ConfigTool() {
            @Override
            public List<String> check(Profile profile, Optional<Path> configFile, List<String> sets)
                    throws BadConfiguration {
                var loaded = LocalServer.judge(profile, configFile, sets);
                var lines = new ArrayList<String>(loaded.warnings());
                loaded.given().forEach(entry -> lines.add(entry.toString()));
                lines.add("Serves " + String.join(" and ", loaded.settings().served()) + ".");
                return lines;
            }

            @Override
            public String reference() {
                return Catalogue.reference();
            }
        });
    }
}
