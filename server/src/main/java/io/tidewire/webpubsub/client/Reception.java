package io.tidewire.webpubsub.client;

import io.netty.channel.EventLoop;
import io.tidewire.http.Exchange;
import io.tidewire.http.Problem;
import io.tidewire.http.Redaction;
import io.tidewire.http.Response;
import io.tidewire.hub.Disconnect;
import io.tidewire.hub.Hub;
import io.tidewire.hub.Permissions;
import io.tidewire.service.client.Attachment;
import io.tidewire.transport.WebSocketUpgrade;
import io.tidewire.webpubsub.access.AdmissionSettings;
import io.tidewire.webpubsub.access.ClientClaims;
import io.tidewire.webpubsub.access.CountRules;
import io.tidewire.webpubsub.access.Roles;
import io.tidewire.webpubsub.protocol.GroupName;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client that waits for the application's word. It may leave meanwhile; the application, which has let it in then, is told so. On the
 * loop of the client's socket.
 */
final class Reception {
    private static final Logger LOG = LoggerFactory.getLogger(Reception.class);

    private final Exchange exchange;
    private final EventLoop loop;
    private final Hub hub;
    private final Arrival arrival;
    private final ClientClaims claims;
    private final Terms terms;
    private final AdmissionSettings settings;
    private final Backend.Visit visit;
    private final WebSocketUpgrade upgrade;
    private final Commons commons;
    private boolean gone;

    Reception(
            Exchange exchange,
            Hub hub,
            Arrival arrival,
            ClientClaims claims,
            Terms terms,
            AdmissionSettings settings,
            Backend.Visit visit,
            WebSocketUpgrade upgrade,
            Commons commons) {
        this.exchange = exchange;
        this.loop = exchange.channel().eventLoop();
        this.hub = hub;
        this.arrival = arrival;
        this.claims = claims;
        this.terms = terms;
        this.settings = settings;
        this.visit = visit;
        this.upgrade = upgrade;
        this.commons = commons;
    }

    void ask() {
        exchange.onGone(() -> gone = true);
        CompletionStage<Admission> answer = visit.connect();
        answer.whenComplete((admission, failure) -> {
            if (loop.inEventLoop()) {
                answered(admission, failure);
            } else {
                loop.execute(() -> answered(admission, failure));
            }
        });
    }

    private void answered(@Nullable Admission admission, @Nullable Throwable failure) {
        switch (admission) {
            case null -> {
                LOG.warn("Whether {} may connect could not be found out: {}", arrival.connectionId(), failure);
                refuse(500, "ConnectFailed");
            }
            case Admission.Refused(int status, String why) -> {
                LOG.info("Connection {} is refused with {}: {}", arrival.connectionId(), status, Redaction.text(why));
                refuse(status, "ConnectRefused");
            }
            case Admission.Accepted accepted -> {
                if (gone) {
                    commons.observer().refused("LeftBeforeConnected");
                    visit.abandon(Disconnect.CONNECTION_LOST);
                } else {
                    accept(accepted);
                }
            }
        }
    }

    /** The reason is the application's own business. */
    private void refuse(int status, String reason) {
        commons.observer().refused(reason);
        if (!gone) {
            exchange.respond(Response.of(status));
        }
    }

    private void accept(Admission.Accepted accepted) {
        try {
            Newcomer newcomer = newcomer(accepted);
            commons.rules().check(newcomer.counted());
            letIn(newcomer);
        } catch (Problem problem) {
            visit.abandon(Disconnect.TRANSIENT_ERROR);
            exchange.respond(problem);
        } catch (RuntimeException failure) {
            LOG.error("Connection {} could not be opened: {}", arrival.connectionId(), Redaction.trace(failure));
            visit.abandon(Disconnect.TRANSIENT_ERROR);
            exchange.respond(internal());
        }
    }

    private void letIn(Newcomer newcomer) {
        var session = new ClientSession(newcomer, loop, commons);
        Subprotocol subprotocol = newcomer.subprotocol();
        upgrade.accept(exchange, subprotocol.name(), subprotocol.isReliable() ? Attachment.first(session) : session);
        // Where the client had left by then, there is no WebSocket, and it is heard of in no other way.
        session.endUnlessOpen();
    }

    /** What the application says counts in place of what the token says (reference E). */
    private Newcomer newcomer(Admission.Accepted accepted) {
        Subprotocol subprotocol = Subprotocol.choose(arrival.subprotocols(), accepted.subprotocol());
        if (subprotocol == null) {
            throw wrong("The application chose a subprotocol that the client does not offer");
        }
        List<String> groups = accepted.groups();
        if (groups == null || groups.isEmpty()) {
            groups = claims.groups();
        } else if (!groups.stream().allMatch(GroupName::isValid)) {
            throw wrong("The application named a group that there can not be");
        }
        List<String> roles = accepted.roles();
        if (roles == null) {
            roles = claims.roles();
        } else {
            String problem = Roles.grant(roles, new Permissions());
            if (problem != null) {
                throw wrong("The application gave a role that can not be: " + problem);
            }
        }
        String user = ClientClaims.userId(accepted.userId());
        String userId = user == null ? claims.userId() : user;
        var counted = new CountRules.Client(hub.name(), settings, userId, claims.all(), exchange.remoteAddress());
        return new Newcomer(hub, arrival.connectionId(), userId, roles, groups, subprotocol, terms, counted, visit);
    }

    private Problem wrong(String what) {
        LOG.warn("Connection {} of hub {} is refused: {}", arrival.connectionId(), hub.name(), Redaction.text(what));
        commons.observer().refused("InvalidConnectAnswer");
        return internal();
    }

    private static Problem internal() {
        return new Problem(500, "Error.InternalServerError", "The connection could not be opened.");
    }
}
