package io.tidewire.webpubsub.upstream;

import io.tidewire.service.upstream.UrlTemplate;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Where the events of a listener go, as its setting writes it. */
sealed interface ListenerEndpoint {
    /** As it may be shown: without password and query. */
    String shown();

    /** POSTs to an application. */
    record Http(UrlTemplate url) implements ListenerEndpoint {
        @Override
        public String shown() {
            return url.shown();
        }
    }

    /**
     * Entries of a stream.
     *
     * @param server for the client: with password, without our parameters
     * @param maxLength about which older entries are removed
     */
    record RedisStream(String server, String stream, long maxLength, String shown) implements ListenerEndpoint {
        static final long DEFAULT_MAX_LENGTH = 100_000;

        @Override
        public String toString() {
            return shown;
        }
    }

    /**
     * Reads what is written.
     *
     * @throws IllegalArgumentException when it is none; the message starts with {@code 'endpoint'} and shows no secret
     */
    static ListenerEndpoint parse(String endpoint) {
        String start = endpoint.substring(0, Math.min(endpoint.length(), 9)).toLowerCase(Locale.ROOT);
        if (start.startsWith("redis://") || start.startsWith("rediss://")) {
            return redis(endpoint);
        }
        if (!start.startsWith("http://") && !start.startsWith("https://")) {
            throw refused("must start with http://, https://, redis:// or rediss://");
        }
        try {
            return new Http(UrlTemplate.parse(endpoint, Event.PARAMETERS));
        } catch (IllegalArgumentException bad) {
            throw new IllegalArgumentException(String.valueOf(bad.getMessage()).replaceFirst("^'url'", "'endpoint'"));
        }
    }

    private static RedisStream redis(String endpoint) {
        URI url;
        try {
            url = new URI(endpoint);
        } catch (URISyntaxException bad) {
            throw refused("is no URL; characters such as '@' in a password are percent-encoded");
        }
        if (url.getHost() == null || url.getPort() == 0 || url.getPort() > 0xFFFF || url.getRawFragment() != null) {
            throw refused("must name a host, as in redis://host:6379/0?stream=name");
        }
        if (!url.getRawPath().matches("/?|/\\d{1,4}")) {
            throw refused("must have nothing but the number of a database as its path");
        }
        String stream = "";
        long maxLength = RedisStream.DEFAULT_MAX_LENGTH;
        for (String pair : (url.getRawQuery() == null ? "" : url.getRawQuery()).split("&", -1)) {
            int equals = pair.indexOf('=');
            String value = equals < 0 ? "" : URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8);
            switch (equals < 0 ? pair : pair.substring(0, equals)) {
                case "stream" -> stream = value;
                case "maxlen" -> maxLength = length(value);
                case "" -> {}
                default -> throw refused("knows no other parameters than stream and maxlen");
            }
        }
        if (stream.isBlank()) {
            throw refused("must name a stream, as in redis://host:6379/0?stream=name");
        }
        int query = endpoint.indexOf('?');
        String server = endpoint.substring(0, query);
        return new RedisStream(server, stream, maxLength, UrlTemplate.shown(server) + "?stream=" + stream);
    }

    private static long length(String text) {
        if (!text.matches("[1-9]\\d{0,11}")) {
            throw refused("must have a whole number of at least 1 as its maxlen");
        }
        return Long.parseLong(text);
    }

    private static IllegalArgumentException refused(String why) {
        return new IllegalArgumentException("'endpoint' " + why);
    }
}
