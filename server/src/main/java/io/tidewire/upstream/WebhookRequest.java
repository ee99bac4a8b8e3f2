package io.tidewire.upstream;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request to an application.
 *
 * @param url absolute, http or https
 * @param headers name and value pairs, in order, each sent once; {@code Host} and {@code Content-Length} are the client's to set
 * @param contentType of the body; null where there is none
 * @param body the bytes; not copied
 * @param repeatable whether it may be sent again where that is set ({@link WebhookSettings#retries})
 * @param retries how often it is sent again, whatever is set, after a network error, 408 or 5xx, and never after the timeout
 *     (Web PubSub reference F.7)
 * @param timeout of each try, where it is shorter than {@link WebhookSettings#timeout}; null where it is not
 */
@SuppressWarnings("ArrayRecordComponent") // requests are sent, never compared
public record WebhookRequest(
        Method method,
        URI url,
        List<Map.Entry<String, String>> headers,
        @Nullable String contentType,
        byte[] body,
        boolean repeatable,
        int retries,
        @Nullable Duration timeout) {
    /** The methods that are needed. */
    public enum Method {
        POST,
        OPTIONS,
        GET
    }

    public WebhookRequest {
        headers = List.copyOf(headers);
    }

    /** With the settings' timeout. */
    public static WebhookRequest post(
            URI url, List<Map.Entry<String, String>> headers, String contentType, byte[] body, boolean repeatable) {
        return new WebhookRequest(Method.POST, url, headers, contentType, body, repeatable, 0, null);
    }
}
