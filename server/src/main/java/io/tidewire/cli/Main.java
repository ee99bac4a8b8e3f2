package io.tidewire.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The entry of the {@code tidewire} program, and the one place where its commands meet the rooms behind them. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        int code = new Program(wiring(), Stdio.system()).run(args);
        // Not just a return: threads of a library that are no daemons must not keep a finished command alive.
        System.exit(code);
    }

    /** WIRING: the seams of the commands, connected to {@code io.tidewire.app} and {@code io.tidewire.config}. */
    private static Seams wiring() {
        return new Seams(
                (profile, configFile, sets) -> {
                    throw new CommandFailed("this build has no server in it");
                },
                new ConfigTool() {
                    @Override
                    public void check(Profile profile, Optional<Path> configFile, List<String> sets)
                            throws BadConfiguration {
                        throw new BadConfiguration(List.of("this build cannot read a configuration"));
                    }

                    @Override
                    public String reference() {
                        return "";
                    }
                });
    }
}
