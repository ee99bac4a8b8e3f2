package io.tidewire.cli;

import io.tidewire.auth.AccessKeys;
import io.tidewire.auth.Claim;
import io.tidewire.auth.ConnectionString;
import io.tidewire.auth.KeySettings;
import io.tidewire.auth.TokenIssuer;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a connection string gives its holder: the URLs of a service and the tokens that open them. */
final class ServiceAccess {
    private static final Pattern HUB = Pattern.compile("[A-Za-z][A-Za-z0-9_`,.\\[\\]]{0,127}");
    /** What {@link #clientToken} sets itself or what JWT reserves: a user claim of such a name travels as {@code asrs.u.<name>} (reference B.4). */
    private static final Set<String> RESERVED =
            Set.of("aud", "exp", "iat", "nbf", "iss", "actort", "acr", "azp", "c_hash", "jti", "nonce");

    private static final Duration CALL_LIFETIME = Duration.ofHours(1);

    private final String connectionString;
    private final ConnectionString address;
    private final TokenIssuer tokens;

    private ServiceAccess(String connectionString) {
        this.connectionString = connectionString;
        this.address = ConnectionString.parse(connectionString);
        String key = address.accessKey();
        if (key.getBytes(StandardCharsets.UTF_8).length < AccessKeys.MIN_KEY_BYTES) {
            throw new IllegalArgumentException(
                    "the AccessKey of the connection string is shorter than " + AccessKeys.MIN_KEY_BYTES + " bytes");
        }
        this.tokens = new TokenIssuer(new AccessKeys("AccessKey", new KeySettings(key, null)), InstantSource.system());
    }

    /** @throws IllegalArgumentException saying what is wrong, without the key */
    static ServiceAccess of(String connectionString) {
        return new ServiceAccess(connectionString.strip());
    }

    /** @throws IllegalArgumentException saying the rule that is broken */
    static String hub(String name) {
        if (!HUB.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a hub name has 1 to 128 characters: a letter, then letters, digits and _ ` , . [ ]");
        }
        return name.toLowerCase(Locale.ROOT);
    }

    /** It holds the key. */
    String connectionString() {
        return connectionString;
    }

    URI endpoint() {
        return address.endpoint();
    }

    /** Where a client of a hub of SignalR negotiates and connects. */
    URI clientUrl(String hub) {
        return URI.create(address.clientEndpoint() + "/client/?hub=" + encode(hub));
    }

    /**
     * For a client of a hub of SignalR.
     *
     * @param user null for an anonymous client
     */
    String clientToken(String hub, @Nullable String user, Map<String, List<String>> claims, Duration lifetime) {
        var all = new LinkedHashMap<String, List<String>>();
        if (user != null) {
            all.put("nameid", new ArrayList<>(List.of(user)));
        }
        claims.forEach((name, values) -> all.computeIfAbsent(
                        RESERVED.contains(name) ? "asrs.u." + name : name, _ -> new ArrayList<>())
                .addAll(values));
        return tokens.issue(
                address.endpoint() + "/client/?hub=" + encode(hub),
                lifetime,
                all.entrySet().stream()
                        .map(claim -> new Claim(claim.getKey(), claim.getValue()))
                        .toList());
    }

    /** Where a client of a hub of Web PubSub opens its WebSocket. */
    URI pubSubUrl(String hub) {
        return URI.create(address.clientEndpoint().toString().replaceFirst("^http", "ws") + pubSubPath(hub));
    }

    /**
     * For a client of a hub of Web PubSub (reference B.2).
     *
     * @param user null for a client without user
     * @param claims among them {@code role} and {@code webpubsub.group}
     */
    String pubSubToken(String hub, @Nullable String user, Map<String, List<String>> claims, Duration lifetime) {
        var all = new ArrayList<Claim>();
        if (user != null) {
            all.add(new Claim("sub", List.of(user)));
        }
        claims.forEach((name, values) -> all.add(new Claim(name, values)));
        return tokens.issue(address.endpoint() + pubSubPath(hub), lifetime, all);
    }

    private static String pubSubPath(String hub) {
        return "/client/hubs/" + encode(hub);
    }

    /** @param pathAndQuery as sent, encoded, starting with a slash */
    URI restUrl(String pathAndQuery) {
        return URI.create(address.serverEndpoint() + pathAndQuery);
    }

    /** For one REST call or, as a path covers what is below it, for the calls below a path. The audience names the endpoint even where calls go through another door. */
    String restToken(String pathAndQuery, Duration lifetime) {
        return tokens.issue(address.endpoint() + pathAndQuery.replaceFirst("\\?.*", ""), lifetime, List.of());
    }

    String restToken(String pathAndQuery) {
        return restToken(pathAndQuery, CALL_LIFETIME);
    }

    /** One segment of a path or one value of a query. */
    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
