package io.tidewire.cli;

import java.net.URI;
import java.time.Duration;
import java.util.regex.Pattern;

/** How options become values. */
final class ArgumentTypes {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

    private ArgumentTypes() {}

    static Duration duration(String text) {
        var parts = DURATION.matcher(text);
        if (!parts.matches()) {
            throw WrongUsage.value("'" + text + "' is no duration such as 500ms, 30s, 5m, 1h or 2d");
        }
        long amount = Long.parseLong(parts.group(1));
        return switch (parts.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    static ServiceAccess service(String text) {
        try {
            return ServiceAccess.of(text);
        } catch (IllegalArgumentException e) {
            throw WrongUsage.value(String.valueOf(e.getMessage()));
        }
    }

    static ServiceKind kind(String text) {
        for (var kind : ServiceKind.values()) {
            if (kind.name().equalsIgnoreCase(text)) {
                return kind;
            }
        }
        throw WrongUsage.value("'" + text + "' is no service; there are signalr and webpubsub");
    }

    static PubSubProtocol protocol(String text) {
        for (var protocol : PubSubProtocol.values()) {
            if (protocol.word().equalsIgnoreCase(text)) {
                return protocol;
            }
        }
        throw WrongUsage.value(
                "'" + text + "' is no protocol of this client; there are json.reliable, json and simple");
    }

    static HubName hub(String text) {
        try {
            return new HubName(ServiceAccess.hub(text));
        } catch (IllegalArgumentException e) {
            throw WrongUsage.value(String.valueOf(e.getMessage()));
        }
    }

    static URI httpUrl(String text) {
        try {
            var uri = URI.create(text.replaceFirst("/+$", ""));
            if (uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                return uri;
            }
        } catch (IllegalArgumentException notAUri) {
            // Falls through to the same answer as a URI of the wrong kind.
        }
        throw WrongUsage.value("'" + text + "' is no URL such as http://127.0.0.1:8900");
    }
}
