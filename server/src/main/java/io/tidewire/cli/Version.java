package io.tidewire.cli;

/** What runs here: the version from the jar's manifest, and the Java below it. */
final class Version {
    private Version() {}

    static String line() {
        var version = Version.class.getPackage().getImplementationVersion();
        return "tidewire " + (version == null ? "(not packaged)" : version) + " (Java " + Runtime.version() + ")";
    }
}
