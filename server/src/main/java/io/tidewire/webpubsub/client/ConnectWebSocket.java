package io.tidewire.webpubsub.client;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.tidewire.auth.AudienceCheck;
import io.tidewire.auth.BearerTokens.InQuery;
import io.tidewire.http.Exchange;
import io.tidewire.http.Problem;
import io.tidewire.hub.Hubs;
import io.tidewire.hub.Permissions;
import io.tidewire.service.access.Access;
import io.tidewire.service.access.HubName;
import io.tidewire.transport.WebSocketUpgrade;
import io.tidewire.webpubsub.access.AdmissionSettings;
import io.tidewire.webpubsub.access.ClientClaims;
import io.tidewire.webpubsub.access.CountRules;
import io.tidewire.webpubsub.access.Roles;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Turns a request into a client (reference D.1): who it is, whether it may come in, and the question to the application. */
final class ConnectWebSocket {
    /** What is between the client and us alone. */
    private static final Set<String> OF_THIS_HOP = Set.of(
            "authorization",
            "connection",
            "upgrade",
            "keep-alive",
            "te",
            "trailer",
            "transfer-encoding",
            "proxy-authorization",
            "proxy-connection");

    private final Hubs hubs;
    private final Access access;
    private final Map<String, AdmissionSettings> admissions;
    private final Backend backend;
    private final WebSocketUpgrade upgrade;
    private final ComeBack comeBack;
    private final Commons commons;

    /** @param admissions by the lower-case names of hubs; {@code *} for all others */
    ConnectWebSocket(
            Hubs hubs,
            Access access,
            Map<String, AdmissionSettings> admissions,
            Backend backend,
            WebSocketUpgrade upgrade,
            Commons commons) {
        this.hubs = hubs;
        this.access = access;
        this.admissions = Map.copyOf(admissions);
        this.backend = backend;
        this.upgrade = upgrade;
        this.comeBack = new ComeBack(upgrade, commons);
        this.commons = commons;
    }

    /**
     * Lets a client in, or asks whether it may.
     *
     * @param named the hub, as the client writes it
     */
    void handle(Exchange exchange, String named) {
        WebSocketUpgrade.check(exchange);
        String hub = HubName.of(named, null);
        if (ComeBack.isAskedFor(exchange)) {
            comeBack.handle(exchange, hub);
            return;
        }
        AdmissionSettings admission = admission(hub);
        ClientClaims claims = claims(exchange, hub, admission);
        Terms terms = Terms.of(exchange.query());
        String wrong = Roles.grant(claims.roles(), new Permissions());
        if (wrong != null) {
            throw new Problem(400, "Error.BadRequest", wrong + ".");
        }
        commons.quotas().checkConnect(false);
        commons.rules().check(counted(exchange, hub, admission, claims));

        String connectionId = commons.tokens().newConnectionId();
        var arrival = new Arrival(
                hub,
                connectionId,
                claims.userId(),
                claims.all(),
                () -> query(exchange),
                () -> headers(exchange),
                WebSocketUpgrade.subprotocols(exchange));
        Backend.Visit visit = backend.arrive(arrival);
        new Reception(exchange, hubs.named(hub), arrival, claims, terms, admission, visit, upgrade, commons).ask();
    }

    private AdmissionSettings admission(String hub) {
        AdmissionSettings any = admissions.getOrDefault("*", AdmissionSettings.DEFAULT);
        return admissions.getOrDefault(hub, any);
    }

    private ClientClaims claims(Exchange exchange, String hub, AdmissionSettings admission) {
        if (admission.anonymous() && !Access.hasToken(exchange, InQuery.BEFORE_HEADER)) {
            return ClientClaims.ANONYMOUS;
        }
        var check = new AudienceCheck.HubInPath(exchange.rawPath(), hub, exchange.hosts());
        return ClientClaims.of(access.client(exchange, check, InQuery.BEFORE_HEADER));
    }

    private static CountRules.Client counted(
            Exchange exchange, String hub, AdmissionSettings admission, ClientClaims claims) {
        return new CountRules.Client(hub, admission, claims.userId(), claims.all(), exchange.remoteAddress());
    }

    private static Map<String, List<String>> query(Exchange exchange) {
        var query = new LinkedHashMap<>(new QueryStringDecoder(exchange.rawQuery(), false).parameters());
        query.keySet().removeIf(name -> name.equalsIgnoreCase("access_token"));
        return query;
    }

    /** By the spelling of the first; HTTP does not tell one from the other. */
    private static Map<String, List<String>> headers(Exchange exchange) {
        var headers = new LinkedHashMap<String, List<String>>();
        for (String name : exchange.headers().names()) {
            boolean again = headers.keySet().stream().anyMatch(name::equalsIgnoreCase);
            if (!again && !OF_THIS_HOP.contains(name.toLowerCase(Locale.ROOT))) {
                headers.put(name, new ArrayList<>(exchange.headers().getAll(name)));
            }
        }
        return headers;
    }
}
