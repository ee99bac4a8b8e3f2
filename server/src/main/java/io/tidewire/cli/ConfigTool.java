package io.tidewire.cli;

import io.tidewire.config.Profile;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The seam to the settings: judge a configuration without starting anything, and describe every setting. */
interface ConfigTool {
    /**
     * Reads and judges a configuration as {@code serve} would; answers with what is not left at its default, and where that
     * comes from. Secrets are not shown.
     *
     * @throws BadConfiguration with every problem found
     */
    List<String> check(Profile profile, Optional<Path> configFile, List<String> sets) throws BadConfiguration;

    /** Every setting with its type, default and meaning, as text. */
    String reference();
}
