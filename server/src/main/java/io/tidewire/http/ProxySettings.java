package io.tidewire.http;

import java.util.List;

/**
 * Whom to believe about the callers behind them.
 *
 * @param trusted addresses and ranges such as {@code 10.0.0.0/8}; {@code loopback} for this machine
 */
public record ProxySettings(List<String> trusted) {
    /** Nobody. */
    public static final ProxySettings NONE = new ProxySettings(List.of());

    /** Stands for this machine's own addresses. */
    public static final String LOOPBACK = "loopback";

    public ProxySettings {
        trusted = List.copyOf(trusted);
    }
}
