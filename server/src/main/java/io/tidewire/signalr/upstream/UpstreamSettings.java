package io.tidewire.signalr.upstream;

import io.tidewire.service.upstream.NamesSettings;
import io.tidewire.service.upstream.UrlTemplate;
import java.net.URI;
import java.util.List;

/**
 * Upstreams of SignalR Service in serverless mode (reference E.1).
 *
 * @param rules in order; none means that nobody is told anything
 * @param closeOnConnectedFailure whether a client whose {@code connected} event is answered with 401 or 403 is closed
 * @param maxWaitingBytes messages of one client that wait for their turn
 */
public record UpstreamSettings(List<Rule> rules, boolean closeOnConnectedFailure, int maxWaitingBytes) {
    public static final UpstreamSettings DEFAULT = new UpstreamSettings(List.of(), false, 16 * 1024 * 1024);

    public UpstreamSettings {
        rules = List.copyOf(rules);
    }

    /**
     * Where the events go that all three patterns take.
     *
     * @param url may hold {@code {hub}}, {@code {category}} and {@code {event}}; its query may hold secrets
     */
    public record Rule(String url, NamesSettings hubs, NamesSettings categories, NamesSettings events) {
        private static final List<String> CATEGORIES = List.of(Event.CONNECTIONS, Event.MESSAGES);

        /**
         * Checks what is written.
         *
         * @throws IllegalArgumentException when the URL or a category is none; the message starts with the member's name
         */
        public Rule {
            UrlTemplate.parse(url, Event.PARAMETERS);
            for (String category : categories.names()) {
                if (CATEGORIES.stream().noneMatch(category::equalsIgnoreCase)) {
                    throw new IllegalArgumentException("'categories' must be " + String.join(" or ", CATEGORIES)
                            + ", but holds '" + category + "'");
                }
            }
        }

        /** The URL as it may be shown: without its query. */
        public String shownUrl() {
            return template().shown();
        }

        UrlTemplate template() {
            return UrlTemplate.parse(url, Event.PARAMETERS);
        }

        /** As written, with placeholders by their names, and an IPv6 address without its brackets. */
        public String host() {
            String host = URI.create(url.replace("{", "").replace("}", "")).getHost();
            return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        }

        @Override
        public String toString() {
            return "Rule[" + shownUrl() + ", hubs=" + hubs + ", categories=" + categories + ", events=" + events + "]";
        }
    }
}
