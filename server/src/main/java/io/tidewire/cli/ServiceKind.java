package io.tidewire.cli;

/** Which of the two services a command speaks to; the names are the words that are typed. */
enum ServiceKind {
    SIGNALR("Endpoint=http://localhost;Port=8888;" + ServiceKind.WELL_KNOWN),
    WEBPUBSUB("Endpoint=http://localhost:8080;" + ServiceKind.WELL_KNOWN);

    private static final String WELL_KNOWN = "AccessKey=ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789ABCDEFGH;Version=1.0;";

    private final String dev;

    ServiceKind(String dev) {
        this.dev = dev;
    }

    /** The connection string of {@code tidewire dev} and of the vendor's emulator alike; public knowledge. */
    String dev() {
        return dev;
    }
}
