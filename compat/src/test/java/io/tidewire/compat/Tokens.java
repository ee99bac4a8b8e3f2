package io.tidewire.compat;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs tokens as applications do, with nothing of the server's own code. */
final class Tokens {
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private Tokens() {}

    /** An HS256 token for an hour. An empty user leaves the name out; no value may need JSON escapes. */
    static String sign(String key, String audience, String user) {
        String name = user.isEmpty() ? "" : ",\"nameid\":\"" + user + "\"";
        long expiry = Instant.now().getEpochSecond() + 3600;
        String signed = part("{\"alg\":\"HS256\",\"typ\":\"JWT\"}") + "."
                + part("{\"aud\":\"" + audience + "\",\"exp\":" + expiry + name + "}");
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getBytes(UTF_8), "HmacSHA256"));
            return signed + "." + BASE64.encodeToString(mac.doFinal(signed.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String part(String json) {
        return BASE64.encodeToString(json.getBytes(UTF_8));
    }
}
