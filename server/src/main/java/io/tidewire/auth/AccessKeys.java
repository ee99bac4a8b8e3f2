package io.tidewire.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Signs and checks with the access keys of one service. Both keys are valid at any time, so a rotation interrupts nobody.
 * Any thread.
 */
public final class AccessKeys {
    /** RFC 7518 3.2 wants a key at least as long as the HS256 digest; shorter ones can be guessed offline from one token. */
    public static final int MIN_KEY_BYTES = 32;

    private final String setting;
    private final LongAdder macs = new LongAdder();
    private volatile Ring ring;

    /**
     * @param setting where the keys are set, such as {@code signalr.keys}, for the messages
     * @throws IllegalArgumentException when a key cannot be used; the message names its setting, never the key
     */
    public AccessKeys(String setting, KeySettings keys) {
        this.setting = setting;
        this.ring = ringOf(keys);
    }

    /** Rotates: from the next call on only {@code keys} count, and tokens verified before are judged anew. */
    public void replace(KeySettings keys) {
        ring = ringOf(keys);
    }

    /** Signs with the primary key. */
    public byte[] sign(HmacAlgorithm algorithm, byte[] data) {
        return mac(ring.keys.getFirst(), algorithm, data);
    }

    /** Signs with every key, primary first, for receivers who may know only one of them. */
    public List<byte[]> signWithEach(HmacAlgorithm algorithm, byte[] data) {
        List<byte[]> signatures = new ArrayList<>(2);
        for (Key key : ring.keys) {
            signatures.add(mac(key, algorithm, data));
        }
        return signatures;
    }

    /** Whether one of the keys made this signature. Takes the same time whichever it was, or none. */
    public boolean verify(HmacAlgorithm algorithm, byte[] data, byte[] signature) {
        return verify(ring, algorithm, data, signature);
    }

    boolean verify(Ring ring, HmacAlgorithm algorithm, byte[] data, byte[] signature) {
        boolean valid = false;
        for (Key key : ring.keys) {
            // Not short-circuit: how long this takes must not tell which key matched.
            valid |= MessageDigest.isEqual(mac(key, algorithm, data), signature);
        }
        return valid;
    }

    /** The keys of this moment. Its identity changes with {@link #replace}, so a cached verdict can tell that it is stale. */
    Ring ring() {
        return ring;
    }

    /** HMACs computed so far. */
    long macs() {
        return macs.sum();
    }

    private byte[] mac(Key key, HmacAlgorithm algorithm, byte[] data) {
        macs.increment();
        return key.mac(algorithm).doFinal(data);
    }

    private Ring ringOf(KeySettings keys) {
        List<Key> usable = new ArrayList<>(2);
        usable.add(new Key(usable("primary", keys.primary())));
        @Nullable String secondary = keys.secondary();
        if (secondary != null) {
            usable.add(new Key(usable("secondary", secondary)));
        }
        return new Ring(List.copyOf(usable));
    }

    private byte[] usable(String which, String key) {
        byte[] bytes = key.getBytes(UTF_8);
        if (bytes.length < MIN_KEY_BYTES) {
            throw new IllegalArgumentException("%s.%s has %d bytes; an access key needs at least %d"
                    .formatted(setting, which, bytes.length, MIN_KEY_BYTES));
        }
        if (key.indexOf(';') >= 0 || key.chars().anyMatch(Character::isISOControl) || !key.equals(key.strip())) {
            throw new IllegalArgumentException(
                    "%s.%s cannot be written in a connection string: no ';', control characters or outer blanks"
                            .formatted(setting, which));
        }
        return bytes;
    }

    /** Never prints a key. */
    @Override
    public String toString() {
        return "AccessKeys[" + setting + ", " + ring.keys.size() + "]";
    }

    /** The keys between two rotations; never changed. */
    static final class Ring {
        private final List<Key> keys;

        private Ring(List<Key> keys) {
            this.keys = keys;
        }
    }

    /** One key, ready for work: to look up an algorithm and set it to a key takes longer than the HMAC of a token. Any thread. */
    private static final class Key {
        private final byte[] secret;
        /** By algorithm. Never fed: each use takes a copy. */
        private final Map<HmacAlgorithm, Mac> prototypes = new EnumMap<>(HmacAlgorithm.class);

        private Key(byte[] secret) {
            this.secret = secret;
            for (HmacAlgorithm algorithm : HmacAlgorithm.values()) {
                prototypes.put(algorithm, newMac(algorithm));
            }
        }

        private Mac mac(HmacAlgorithm algorithm) {
            try {
                return (Mac) Objects.requireNonNull(prototypes.get(algorithm)).clone();
            } catch (CloneNotSupportedException otherProvider) {
                return newMac(algorithm);
            }
        }

        private Mac newMac(HmacAlgorithm algorithm) {
            try {
                Mac mac = Mac.getInstance(algorithm.jcaName());
                mac.init(new SecretKeySpec(secret, algorithm.jcaName()));
                return mac;
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("Every JDK has " + algorithm.jcaName(), e);
            }
        }
    }
}
