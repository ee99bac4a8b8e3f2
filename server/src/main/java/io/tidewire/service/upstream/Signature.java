package io.tidewire.service.upstream;

import io.tidewire.auth.AccessKeys;
import io.tidewire.auth.HmacAlgorithm;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.stream.Collectors;

/** By which applications know that a call comes from this service: of the connection's id, with every key. */
public final class Signature {
    private Signature() {}

    /** Primary first, and a bare comma between: receivers do not trim. */
    public static String of(AccessKeys keys, String connectionId, HexFormat hex) {
        return keys.signWithEach(HmacAlgorithm.HS256, connectionId.getBytes(StandardCharsets.UTF_8)).stream()
                .map(mac -> "sha256=" + hex.formatHex(mac))
                .collect(Collectors.joining(","));
    }
}
