package io.tidewire.cli;

import java.net.URI;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Seam to the auth room: what a connection string says (reference A.1). To be replaced by its connection string; {@link ServiceAccess}
 * is the only caller.
 *
 * @param endpoint names the service in audiences; has the port; no trailing slash, as the other two
 * @param client where clients connect
 * @param server where REST calls go
 */
record ServiceAddress(URI endpoint, URI client, URI server, String accessKey) {

    /** @throws IllegalArgumentException with a message that repeats neither key nor string */
    static ServiceAddress parse(String text) {
        var parts = new HashMap<String, String>();
        for (var segment : text.split(";", -1)) {
            int equals = segment.indexOf('=');
            var key = equals < 0 ? "" : segment.substring(0, equals).strip().toLowerCase(Locale.ROOT);
            if (!key.isEmpty() && parts.put(key, segment.substring(equals + 1).strip()) != null) {
                throw new IllegalArgumentException("the connection string has '" + key + "' twice");
            }
        }
        var endpoint = uri(parts, "endpoint");
        var port = parts.get("port");
        if (port != null) {
            if (!port.matches("\\d{1,5}") || Integer.parseInt(port) < 1 || Integer.parseInt(port) > 65535) {
                throw new IllegalArgumentException("Port of the connection string must be 1..65535");
            }
            endpoint = URI.create(
                    endpoint.getScheme() + "://" + endpoint.getRawAuthority().replaceFirst(":\\d+$", "") + ":" + port);
        }
        var accessKey = parts.getOrDefault("accesskey", "");
        if (accessKey.isEmpty()) {
            throw new IllegalArgumentException("the connection string has no AccessKey");
        }
        return new ServiceAddress(
                endpoint,
                parts.containsKey("clientendpoint") ? uri(parts, "clientendpoint") : endpoint,
                parts.containsKey("serverendpoint") ? uri(parts, "serverendpoint") : endpoint,
                accessKey);
    }

    private static URI uri(Map<String, String> parts, String key) {
        var text = parts.getOrDefault(key, "").replaceFirst("/+$", "");
        try {
            var uri = URI.create(text);
            if (uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                return uri;
            }
        } catch (IllegalArgumentException notAUri) {
            // Falls through to the same answer as a URI of the wrong kind.
        }
        throw new IllegalArgumentException("the connection string needs an " + key
                + " such as https://name.service.signalr.net or http://localhost");
    }

    /** Never prints the key. */
    @Override
    public String toString() {
        return "ServiceAddress[" + endpoint + "]";
    }
}
