package io.tidewire.upstream;

import java.net.URI;
import java.util.List;
import java.util.Map;

/**
 * One POST to an application.
 *
 * @param url absolute, http or https
 * @param headers name and value pairs, in order, each sent once; {@code Host} and {@code Content-Length} are the client's to set
 * @param contentType of the body
 * @param body the bytes; not copied
 * @param repeatable whether it may be sent again when the first try failed
 */
@SuppressWarnings("ArrayRecordComponent") // requests are sent, never compared
public record WebhookRequest(
        URI url, List<Map.Entry<String, String>> headers, String contentType, byte[] body, boolean repeatable) {
    public WebhookRequest {
        headers = List.copyOf(headers);
    }
}
