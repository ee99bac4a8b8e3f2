package io.tidewire.webpubsub.protocol;

import org.jspecify.annotations.Nullable;

/**
 * Why a stream ended before its end (reference D.7).
 *
 * @param name such as {@code UserError} or {@code IdleTimeout}
 * @param userErrorCode of the publisher; null where there is none
 */
public record StreamError(
        String name, @Nullable String message, @Nullable String userErrorCode) {}
