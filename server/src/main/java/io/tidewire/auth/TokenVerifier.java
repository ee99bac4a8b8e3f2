package io.tidewire.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.nimbusds.jose.Header;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.util.Base64URL;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Judges the tokens of one service. Remembers verified tokens by their digest, so a caller who goes on sending the same one costs
 * no HMAC; times and audience are judged at every use, and refusals are never remembered. Any thread; never blocks, never
 * throws, fetches nothing.
 *
 * <p>The vendor's SDKs sign a new token for each call. Such a token comes once, and keeping it would cost more than judging it
 * and drive out those that do come again: a token is remembered when it is seen for the second time.
 */
public final class TokenVerifier {
    /** Characters of all remembered tokens together; some ten thousand usual ones. */
    static final long MAX_REMEMBERED_CHARS = 4L * 1024 * 1024;
    /** A later {@code exp} is a mistake, and almost always one in milliseconds. */
    private static final Duration MAX_LIFETIME = Duration.ofDays(36_500);

    private static final int LONGEST_DETAIL = 1024;
    /** Callers write the header with a library, which writes the same one each time; a few of them are enough. */
    static final int MAX_HEADERS = 64;

    private final AccessKeys keys;
    private final TokenSettings settings;
    private final AudienceRule audienceRule;
    private final InstantSource clock;
    private final Cache<Digest, Verified> verified;
    private final Doorkeeper seen = new Doorkeeper();
    /** Encoded headers that are as they should be, each of a token whose signature fitted: who has no key puts nothing in. */
    private final ConcurrentHashMap<String, HmacAlgorithm> headers = new ConcurrentHashMap<>();

    /**
     * Starts with nothing remembered.
     *
     * @param publicHosts names of this server besides those that requests carry; only {@code STRICT} looks at them
     */
    public TokenVerifier(AccessKeys keys, TokenSettings settings, Collection<String> publicHosts, InstantSource clock) {
        this.keys = keys;
        this.settings = settings;
        this.audienceRule = new AudienceRule(settings.audience(), publicHosts);
        this.clock = clock;
        this.verified = Caffeine.newBuilder()
                .maximumWeight(MAX_REMEMBERED_CHARS)
                .weigher((Digest _, Verified token) -> token.length)
                .expireAfter(Expiry.creating((Digest _, Verified token) -> Duration.between(
                        clock.instant(), token.claims.expiresAt().plus(settings.leeway()))))
                .ticker(() -> nanos(clock.instant()))
                .executor(Runnable::run)
                .build();
    }

    /**
     * The token's claims, or why it does not open this request.
     *
     * @param jwt null when the request has none, which is refused, too
     */
    public Verdict verify(@Nullable String jwt, AudienceCheck check) {
        if (jwt == null) {
            return Refusal.MISSING;
        }
        if (jwt.length() > settings.maxTokenBytes()) {
            return new Refusal(
                    Refusal.Reason.TOO_LONG,
                    "The token has %d bytes; auth.maxTokenBytes is %d"
                            .formatted(jwt.length(), settings.maxTokenBytes()));
        }
        AccessKeys.Ring ring = keys.ring();
        Digest digest = Digest.of(jwt);
        @Nullable Verified known = verified.getIfPresent(digest);
        if (known != null && known.ring == ring) {
            @Nullable Refusal refusal = judge(known, check);
            return refusal == null ? known.claims : refusal;
        }
        @Nullable CompactToken token = CompactToken.split(jwt);
        if (token == null) {
            return new Refusal(Refusal.Reason.MALFORMED, "The token is not three parts of base64url");
        }
        return switch (open(token, ring)) {
            case Refusal refusal -> refusal;
            case Claims claims -> {
                Verified opened = new Verified(ring, claims, jwt.length());
                @Nullable Refusal refusal = judge(opened, check);
                if (refusal == null && seen.again(digest.a, digest.b)) {
                    verified.put(digest, opened);
                }
                yield refusal == null ? claims : refusal;
            }
        };
    }

    /** Tokens remembered now. */
    long remembered() {
        verified.cleanUp();
        return verified.estimatedSize();
    }

    /** Headers known now. */
    int knownHeaders() {
        return headers.size();
    }

    /** The payload is not read before the signature fits. */
    private Verdict open(CompactToken token, AccessKeys.Ring ring) {
        @Nullable HmacAlgorithm known = headers.get(token.header());
        HmacAlgorithm algorithm;
        if (known == null) {
            @Nullable Header header = header(token);
            if (header == null) {
                return new Refusal(Refusal.Reason.MALFORMED, "The token's header is not a JOSE header");
            }
            // The list of what is allowed, against "none", key confusion with RS256 and friends, and encrypted tokens.
            @Nullable
            HmacAlgorithm allowed = header instanceof JWSHeader
                    ? HmacAlgorithm.of(header.getAlgorithm().getName())
                    : null;
            if (allowed == null) {
                return new Refusal(Refusal.Reason.ALGORITHM, "The token is not signed with HS256 or HS512");
            }
            if (asksForMore((JWSHeader) header)) {
                return new Refusal(Refusal.Reason.MALFORMED, "The token's header has crit, b64 or a nested token");
            }
            algorithm = allowed;
        } else {
            algorithm = known;
        }
        byte @Nullable [] signature = CompactToken.decode(token.signature());
        byte @Nullable [] payload = CompactToken.decode(token.payload());
        if (signature == null || payload == null) {
            return new Refusal(Refusal.Reason.MALFORMED, "The token is not canonical base64url");
        }
        if (!keys.verify(ring, algorithm, token.signedBytes(), signature)) {
            return new Refusal(Refusal.Reason.SIGNATURE, "No access key made the token's signature");
        }
        if (known == null && headers.size() < MAX_HEADERS) {
            headers.put(token.header(), algorithm);
        }
        return ClaimsReader.read(payload);
    }

    /** kid, jku, x5u, jwk and x5c may be there; nobody looks at them (reference B.1). */
    private static boolean asksForMore(JWSHeader header) {
        return header.getCriticalParams() != null
                || !header.isBase64URLEncodePayload()
                || "JWT".equalsIgnoreCase(header.getContentType());
    }

    private static @Nullable Header header(CompactToken token) {
        if (CompactToken.decode(token.header()) == null) {
            return null;
        }
        try {
            return Header.parse(new Base64URL(token.header()));
        } catch (ParseException | RuntimeException e) {
            // Anyone may send anything here, so whatever the parser throws is about the token.
            return null;
        }
    }

    /** What is judged at every use; null when all is well. */
    private @Nullable Refusal judge(Verified token, AudienceCheck check) {
        Instant now = clock.instant();
        Instant expiresAt = token.claims.expiresAt();
        if (!now.isBefore(expiresAt.plus(settings.leeway()))) {
            return new Refusal(Refusal.Reason.EXPIRED, "The token expired at " + expiresAt + ", now is " + now);
        }
        if (expiresAt.isAfter(now.plus(MAX_LIFETIME))) {
            return new Refusal(
                    Refusal.Reason.EXPIRY_TOO_FAR,
                    "The token expires more than 100 years from now; exp counts seconds, not milliseconds");
        }
        @Nullable Instant notBefore = token.claims.notBefore();
        if (notBefore != null && now.plus(settings.leeway()).isBefore(notBefore)) {
            return new Refusal(
                    Refusal.Reason.NOT_YET_VALID, "The token is valid from " + notBefore + ", now is " + now);
        }
        if (!audienceRule.accepts(check, token.audiences)) {
            return wrongAudience(check, token.claims.audiences());
        }
        return null;
    }

    /** One line of bounded length, whatever the token's author put in. */
    private static Refusal wrongAudience(AudienceCheck check, List<String> actual) {
        String detail = "Failed to validate audience. Expected Audiences: %s. Actual Audiences: %s"
                .formatted(check, String.join(", ", actual));
        String bounded = detail.length() <= LONGEST_DETAIL ? detail : detail.substring(0, LONGEST_DETAIL) + "...";
        return new Refusal(Refusal.Reason.AUDIENCE, bounded.replaceAll("\\p{Cntrl}", "?"));
    }

    private static long nanos(Instant instant) {
        return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
    }

    /** A token whose signature fitted the keys of {@code ring}. */
    private static final class Verified {
        private final AccessKeys.Ring ring;
        private final Claims claims;
        private final List<AudienceUri> audiences;
        private final int length;

        private Verified(AccessKeys.Ring ring, Claims claims, int length) {
            this.ring = ring;
            this.claims = claims;
            this.audiences = parsed(claims.audiences());
            this.length = length;
        }

        private static List<AudienceUri> parsed(List<String> audiences) {
            var parsed = new ArrayList<AudienceUri>(audiences.size());
            for (String audience : audiences) {
                @Nullable AudienceUri uri = AudienceUri.parse(audience);
                if (uri != null) {
                    parsed.add(uri);
                }
            }
            return parsed;
        }
    }

    /** SHA-256 of a token: the cache must not be a store of tokens. */
    private record Digest(long a, long b, long c, long d) {
        /** Never fed: each use takes a copy, which is far cheaper than to look up the algorithm again. */
        private static final MessageDigest SHA_256 = sha256();

        private static Digest of(String jwt) {
            ByteBuffer sha = ByteBuffer.wrap(copy().digest(jwt.getBytes(US_ASCII)));
            return new Digest(sha.getLong(), sha.getLong(), sha.getLong(), sha.getLong());
        }

        private static MessageDigest copy() {
            try {
                return (MessageDigest) SHA_256.clone();
            } catch (CloneNotSupportedException otherProvider) {
                return sha256();
            }
        }

        private static MessageDigest sha256() {
            try {
                return MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("Every JDK has SHA-256", e);
            }
        }
    }
}
