package io.tidewire.auth;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The one text by which an application finds a service and proves itself to it (references A.1 of both services).
 *
 * @param address {@code Endpoint} as written, without trailing slashes
 * @param port {@code Port}, which replaces that of the address; null when absent
 * @param version null when absent
 * @param clientAddress {@code ClientEndpoint}: where clients are sent instead; null when absent
 * @param serverAddress {@code ServerEndpoint}: where app servers and REST calls go instead; null when absent
 */
public record ConnectionString(
        URI address,
        @Nullable Integer port,
        Credential credential,
        @Nullable String version,
        @Nullable URI clientAddress,
        @Nullable URI serverAddress) {
    // Same language as the vendor's ^1\.\d+(?:[\w-.]+)?$, without its backtracking.
    private static final Pattern VERSION = Pattern.compile("1\\.\\d[\\w.-]*");
    private static final int LONGEST_QUOTED_VERSION = 16;
    private static final Set<String> KNOWN = Set.of(
            "endpoint",
            "port",
            "accesskey",
            "version",
            "authtype",
            "clientid",
            "tenantid",
            "clientsecret",
            "clientcert",
            "clientcertpath",
            "clientendpoint",
            "serverendpoint");

    /**
     * Reads what {@link #print} writes, and every other form of reference A.1.
     *
     * @throws InvalidConnectionString naming what is missing or wrong
     */
    public static ConnectionString parse(String text) {
        Map<String, String> properties = properties(text);
        URI address = address(properties, "Endpoint");
        if (address == null) {
            throw new InvalidConnectionString("The connection string has no Endpoint.");
        }
        return new ConnectionString(
                address,
                port(properties.get("Port")),
                Credential.of(properties),
                version(properties.get("Version")),
                address(properties, "ClientEndpoint"),
                address(properties, "ServerEndpoint"));
    }

    /** As SignalR's tools write it: the port apart and only if it says something, {@code Endpoint=http://localhost;Port=8888;...}. */
    public static ConnectionString ofSignalR(URI endpoint, String accessKey) {
        URI address = withPort(endpoint, -1);
        int usual = "https".equalsIgnoreCase(endpoint.getScheme()) ? 443 : 80;
        Integer port = endpoint.getPort() < 0 || endpoint.getPort() == usual ? null : endpoint.getPort();
        return new ConnectionString(address, port, new Credential.AccessKey(accessKey), "1.0", null, null);
    }

    /** As Web PubSub's tools write it: the port in the endpoint, {@code Endpoint=http://localhost:8080;...}. */
    public static ConnectionString ofWebPubSub(URI endpoint, String accessKey) {
        URI address = withPort(endpoint, endpoint.getPort());
        return new ConnectionString(address, null, new Credential.AccessKey(accessKey), "1.0", null, null);
    }

    /** Where the service is, port applied; no trailing slash. */
    public URI endpoint() {
        return port == null ? address : withPort(address, port);
    }

    /** Base of the addresses that clients get. */
    public URI clientEndpoint() {
        return clientAddress == null ? endpoint() : clientAddress;
    }

    /** Base for app servers and REST calls. */
    public URI serverEndpoint() {
        return serverAddress == null ? endpoint() : serverAddress;
    }

    /** Start of every audience, {@code https://host/}: of the endpoint, and without a port, ever (reference A.2). */
    public String audienceBase() {
        return address.getScheme() + "://" + address.getHost() + "/";
    }

    /**
     * The key to sign with.
     *
     * @throws InvalidConnectionString when it carries Entra credentials instead
     */
    public String accessKey() {
        return switch (credential) {
            case Credential.AccessKey(String key) -> key;
            case Credential.Entra entra ->
                throw new InvalidConnectionString(
                        "The connection string has AuthType=" + entra.type().text() + " and no AccessKey.");
        };
    }

    /** The real text, key and all; never for a log. */
    public String print() {
        return print(credential.print());
    }

    /** Never prints a key or secret. */
    @Override
    public String toString() {
        return print(credential.toString());
    }

    private String print(String credentialText) {
        return property("Endpoint", address)
                + property("Port", port)
                + credentialText
                + property("Version", version)
                + property("ClientEndpoint", clientAddress)
                + property("ServerEndpoint", serverAddress);
    }

    static String property(String key, @Nullable Object value) {
        return value == null ? "" : key + "=" + value + ";";
    }

    private static Map<String, String> properties(String text) {
        Map<String, String> properties = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        int segments = 0;
        for (String segment : text.split(";", -1)) {
            if (segment.isBlank()) {
                continue;
            }
            segments++;
            // The first '=' only: keys end in '=' padding.
            int equals = segment.indexOf('=');
            if (equals < 0) {
                continue;
            }
            String key = segment.substring(0, equals).strip();
            String value = segment.substring(equals + 1).strip();
            if (properties.put(key, value) != null) {
                throw new InvalidConnectionString("The connection string has " + known(key) + " twice.");
            }
        }
        if (segments < 2) {
            throw new InvalidConnectionString("The connection string needs at least an Endpoint and an AccessKey.");
        }
        // A value of nothing is no value.
        properties.values().removeIf(String::isEmpty);
        return properties;
    }

    /** A key that is not ours is not quoted: it may be the value of a mangled line. */
    private static String known(String key) {
        return KNOWN.contains(key.toLowerCase(Locale.ROOT)) ? key : "a property";
    }

    private static @Nullable Integer port(@Nullable String text) {
        if (text == null) {
            return null;
        }
        // At most five digits, so that it fits an int.
        int port = text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
        if (port < 1 || port > 65535) {
            throw new InvalidConnectionString("Port must be a number from 1 to 65535.");
        }
        return port;
    }

    private static @Nullable String version(@Nullable String text) {
        if (text == null || VERSION.matcher(text).matches()) {
            return text;
        }
        // A long one is rather a key in the wrong place.
        String quoted = text.length() <= LONGEST_QUOTED_VERSION ? text : "given";
        throw new InvalidConnectionString("Version " + quoted + " is not supported.");
    }

    private static @Nullable URI address(Map<String, String> properties, String key) {
        @Nullable String text = properties.get(key);
        if (text == null) {
            return null;
        }
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == '/') {
            end--;
        }
        try {
            URI uri = new URI(text.substring(0, end));
            if (isHttp(uri)
                    && uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && uri.getPort() != 0
                    && uri.getPort() <= 65535) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // Its message quotes the input, which may hold the key; the one below does not.
        }
        throw new InvalidConnectionString(key + " must be http://host or https://host, with :port if need be.");
    }

    private static boolean isHttp(URI uri) {
        return "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
    }

    private static URI withPort(URI uri, int port) {
        if (uri.getHost() == null) {
            throw new IllegalArgumentException("The endpoint must be http://host or https://host, not " + uri);
        }
        String path = uri.getRawPath();
        while (path.endsWith("/")) {
            path = path.substring(0, path.length() - 1);
        }
        return URI.create(uri.getScheme() + "://" + uri.getHost() + (port < 0 ? "" : ":" + port) + path);
    }
}
