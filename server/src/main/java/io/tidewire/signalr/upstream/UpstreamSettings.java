package io.tidewire.signalr.upstream;

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
    public record Rule(String url, Names hubs, Names categories, Names events) {
        private static final List<String> CATEGORIES = List.of(Event.CONNECTIONS, Event.MESSAGES);

        /**
         * Checks what is written.
         *
         * @throws IllegalArgumentException when the URL or a category is none; the message starts with the member's name
         */
        public Rule {
            UrlTemplate.parse(url);
            for (String category : categories.names()) {
                if (CATEGORIES.stream().noneMatch(category::equalsIgnoreCase)) {
                    throw new IllegalArgumentException("'categories' must be " + String.join(" or ", CATEGORIES)
                            + ", but holds '" + category + "'");
                }
            }
        }

        /** The URL as it may be shown: without its query. */
        public String shownUrl() {
            return UrlTemplate.parse(url).shown();
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

    /**
     * A pattern.
     *
     * @param all whether it takes every name
     * @param names what it takes otherwise; none takes nothing
     */
    public record Names(boolean all, List<String> names) {
        public static final Names ANY = new Names(true, List.of());
        public static final Names NONE = new Names(false, List.of());

        public Names {
            names = List.copyOf(names);
        }

        /** A list with {@code *} in it takes every name; empty items are nobody's name. */
        public static Names of(List<String> items) {
            List<String> names = items.stream()
                    .map(String::strip)
                    .filter(name -> !name.isEmpty())
                    .toList();
            return names.contains("*") ? ANY : new Names(false, names);
        }

        boolean match(String name) {
            return all || names.contains(name);
        }

        boolean matchIgnoringCase(String name) {
            return all || names.stream().anyMatch(name::equalsIgnoreCase);
        }

        @Override
        public String toString() {
            return all ? "*" : String.join(",", names);
        }
    }
}
