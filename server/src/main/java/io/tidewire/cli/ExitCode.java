package io.tidewire.cli;

/** What the program's exit code says. */
final class ExitCode {
    static final int OK = 0;
    static final int FAILED = 1;
    /** The command line itself is wrong; also what picocli answers. */
    static final int USAGE = 2;
    /** {@code EX_CONFIG} of sysexits.h: a supervisor need not try again before someone changes the configuration. */
    static final int BAD_CONFIGURATION = 78;

    private ExitCode() {}
}
