package io.tidewire.signalr.protocol;

import io.tidewire.service.protocol.ByteOutput;
import io.tidewire.service.protocol.JsonStrings;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The types 10 and 11, which only upstreams see, always in JSON (reference E.4). */
public final class ServerlessEvents {
    private static final byte[] CONNECTED = "{\"type\":10}".getBytes(StandardCharsets.US_ASCII);

    private ServerlessEvents() {}

    /** A client is a member of its hub. */
    public static byte[] connected() {
        return CONNECTED.clone();
    }

    /**
     * A client is gone.
     *
     * @param error why, where that was not as it should be
     */
    public static byte[] disconnected(@Nullable String error) {
        var message = new ByteOutput(64).ascii("{\"type\":11");
        if (error != null) {
            message.ascii(",\"error\":");
            JsonStrings.quote(message, error);
        }
        return message.put('}').toByteArray();
    }
}
