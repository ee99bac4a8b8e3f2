package io.tidewire.cli;

import io.tidewire.config.Profile;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The seam to the server itself: reads the settings, builds the rooms, opens the listeners. */
@FunctionalInterface
interface ServerLauncher {
    /**
     * Returns once every listener is open.
     *
     * @param sets {@code key=value} from the command line, the strongest source; a later one wins
     * @throws BadConfiguration when a setting, a file or a port cannot be used
     * @throws CommandFailed when the start fails for any other reason
     */
    RunningServer start(Profile profile, Optional<Path> configFile, List<String> sets)
            throws BadConfiguration, CommandFailed, InterruptedException;
}
