package io.tidewire.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The seam to the settings: judge a configuration without starting anything, and describe every setting. */
interface ConfigTool {
    /**
     * Reads and judges a configuration as {@code serve} would.
     *
     * @throws BadConfiguration with every problem found
     */
    void check(Profile profile, Optional<Path> configFile, List<String> sets) throws BadConfiguration;

    /** Every setting with its type, default and meaning, as text. */
    String reference();
}
