package io.tidewire.cli;

import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/**
 * What a command throws at a command line that it cannot follow. Here, and named as what every exception is, because the classes of the
 * start-up cache are looked at on each start: one that throws an exception of picocli would have its jar opened, and all jars before it,
 * to see that it is one. This class is not in the cache, since no training run goes wrong.
 */
final class WrongUsage {
    private WrongUsage() {}

    static RuntimeException of(CommandLine command, String message) {
        return new ParameterException(command, message);
    }

    /** For the value of one option, which is left out of the message, unlike with any other exception: it may hold a key. */
    static RuntimeException value(String message) {
        return new TypeConversionException(message);
    }
}
