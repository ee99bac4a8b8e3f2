package io.tidewire.webpubsub.protocol;

/** What the bytes of a {@link Payload} are. */
public enum DataType {
    /** The text of one JSON value. */
    JSON("json", "application/json"),
    /** UTF-8. */
    TEXT("text", "text/plain"),
    /** Anything. */
    BINARY("binary", "application/octet-stream"),
    /** A serialized {@code google.protobuf.Any}. */
    PROTOBUF("protobuf", "application/x-protobuf");

    private final String label;
    private final String mediaType;

    DataType(String label, String mediaType) {
        this.label = label;
        this.mediaType = mediaType;
    }

    /** The {@code dataType} of JSON frames. */
    public String label() {
        return label;
    }

    /** Of REST bodies and event handlers, without parameters. */
    public String mediaType() {
        return mediaType;
    }
}
