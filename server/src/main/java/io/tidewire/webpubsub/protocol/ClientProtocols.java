package io.tidewire.webpubsub.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The subprotocols that we know; each is one instance for the life of the process. */
public final class ClientProtocols {
    public static final ClientProtocol JSON = new JsonProtocol(0, "json.webpubsub.azure.v1", false);
    public static final ClientProtocol JSON_RELIABLE = new JsonProtocol(1, "json.reliable.webpubsub.azure.v1", true);

    public static final ClientProtocol PROTOBUF = new ProtobufProtocol(2, "protobuf.webpubsub.azure.v1", false);
    public static final ClientProtocol PROTOBUF_RELIABLE =
            new ProtobufProtocol(3, "protobuf.reliable.webpubsub.azure.v1", true);

    /** In the order of their indexes. */
    public static final List<ClientProtocol> ALL = List.of(JSON, JSON_RELIABLE, PROTOBUF, PROTOBUF_RELIABLE);

    private ClientProtocols() {}

    /** The one of that name, as it stands in {@code Sec-WebSocket-Protocol}; null where we know none. */
    public static @Nullable ClientProtocol find(String subprotocol) {
        for (ClientProtocol protocol : ALL) {
            if (protocol.subprotocol().equals(subprotocol)) {
                return protocol;
            }
        }
        return null;
    }
}
