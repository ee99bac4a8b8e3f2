package io.tidewire.cli;

/** What runs here: the version from the jar's manifest, and the Java below it. */
final class Version {
    private Version() {}

    static String number() {
        var version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "(not packaged)" : version;
    }

    static String line() {
        return "tidewire " + number() + " (Java " + Runtime.version() + ")";
    }
}
