package io.tidewire.service.rest;

import io.tidewire.auth.TokenIssuer;
import io.tidewire.hub.Hubs;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * What the calls of one service have in common.
 *
 * @param hubs the hubs
 * @param tokens mints what clients are given
 * @param publicEndpoint the name of this server for all; null takes the one that each caller used
 */
public record Service(
        Hubs hubs, TokenIssuer tokens, @Nullable URI publicEndpoint) {}
