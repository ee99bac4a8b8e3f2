package io.tidewire.signalr.upstream;

import io.tidewire.auth.AccessKeys;
import io.tidewire.auth.Claim;
import io.tidewire.service.upstream.HeaderText;
import io.tidewire.service.upstream.Signature;
import io.tidewire.signalr.client.Caller;
import io.tidewire.signalr.client.ClientQuery;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The {@code X-ASRS-*} headers of a call, each at most once (reference E.2, E.3, J 15, J 16). Their values come from clients
 * and tokens: whatever could end a header, or be read as another item of a list, is percent-encoded.
 */
final class RequestHeaders {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private final List<Map.Entry<String, String>> headers = new ArrayList<>(8);

    private RequestHeaders() {}

    static List<Map.Entry<String, String>> of(Caller caller, Event event, AccessKeys keys) {
        var all = new RequestHeaders();
        all.add("X-ASRS-Connection-Id", caller.connectionId());
        all.add("X-ASRS-Hub", event.hub());
        all.add("X-ASRS-Category", event.category());
        all.add("X-ASRS-Event", event.name());
        all.add("X-ASRS-User-Id", caller.userId());
        all.add("X-ASRS-User-Claims", claims(caller.claims().userClaims()));
        all.add("X-ASRS-Client-Query", query(caller.query()));
        all.add("X-ASRS-Signature", Signature.of(keys, caller.connectionId(), HEX));
        return all.headers;
    }

    private void add(String name, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            headers.add(Map.entry(name, HeaderText.of(value)));
        }
    }

    /**
     * {@code type: value, type: value}. Receivers split at commas, then at colons followed by a blank, so neither may be in a
     * name or value: one claim could pass for two otherwise.
     */
    private static String claims(List<Claim> claims) {
        var items = new ArrayList<String>();
        for (Claim claim : claims) {
            for (String value : claim.values()) {
                items.add(part(claim.name()) + ": " + part(value));
            }
        }
        return String.join(", ", items);
    }

    private static String part(String text) {
        return text.replace(",", "%2C").replace(": ", "%3A ");
    }

    private static @Nullable String query(String sent) {
        String kept = ClientQuery.withoutSecrets(sent);
        return kept.isEmpty() ? null : "?" + kept;
    }
}
