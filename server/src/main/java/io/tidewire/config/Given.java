package io.tidewire.config;

import io.tidewire.config.type.Raw;

/** One setting as somebody wrote it. */
record Given(Setting<?> setting, Raw raw, Origin origin) {}
