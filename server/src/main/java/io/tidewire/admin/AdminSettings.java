package io.tidewire.admin;

import io.tidewire.http.ListenSettings;

/** The admin listener. */
public record AdminSettings(ListenSettings listen) {}
