package io.tidewire.cli;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Seam to the auth room: signs HS256 tokens with an access key. To be replaced by its token issuer; {@link ServiceAccess} is the only caller. */
final class AccessTokens {
    private static final String HEADER = encode("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.UTF_8));

    private final String key;

    AccessTokens(String key) {
        this.key = key;
    }

    /** A claim with several values becomes an array (reference B.1). */
    String issue(String audience, Map<String, List<String>> claims, Instant now, Duration lifetime) {
        var body = new ByteArrayOutputStream();
        try (var json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), body)) {
            json.writeStartObject().writeStringProperty("aud", audience);
            json.writeNumberProperty("iat", now.getEpochSecond());
            json.writeNumberProperty("exp", now.plus(lifetime).getEpochSecond());
            claims.forEach((name, values) -> {
                json.writeName(name);
                if (values.size() == 1) {
                    json.writeString(values.getFirst());
                } else {
                    json.writeStartArray();
                    values.forEach(json::writeString);
                    json.writeEndArray();
                }
            });
            json.writeEndObject();
        }
        var signed = HEADER + "." + encode(body.toByteArray());
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return signed + "." + encode(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no HmacSHA256", e);
        }
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
