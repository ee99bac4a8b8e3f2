package io.tidewire.compat;

import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** A part of the tests that needs more than Maven and a JDK: skipped where that is missing, but never silently. */
final class OptionalPart {
    private OptionalPart() {}

    /** Whether a missing part fails the build: {@code REQUIRE_ALL_TESTS=true} or {@code CI=true} in the environment. */
    static boolean required() {
        return "true".equalsIgnoreCase(System.getenv("REQUIRE_ALL_TESTS"))
                || "true".equalsIgnoreCase(System.getenv("CI"));
    }

    /**
     * Fails where everything is required; otherwise says loudly what does not run, and skips it.
     *
     * @param part what does not run
     * @param reason what is missing
     * @param remedy how to get it
     */
    static void absent(String part, String reason, String remedy) {
        if (required()) {
            Assertions.fail(part + " cannot run: " + reason + ". " + remedy);
        }
        String line = "*".repeat(100);
        System.out.printf(
                "%n%s%n*  SKIPPED: %s%n*  because: %s%n*  to run them: %s%n*  (with REQUIRE_ALL_TESTS=true this fails the build)%n%s%n%n",
                line, part, reason.replace("\n", System.lineSeparator() + "*  "), remedy, line);
        Assumptions.abort(part + ": " + reason);
    }
}
