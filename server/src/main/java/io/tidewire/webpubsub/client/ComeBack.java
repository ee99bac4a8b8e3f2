package io.tidewire.webpubsub.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.tidewire.http.Exchange;
import io.tidewire.hub.Disconnect;
import io.tidewire.service.client.Attachment;
import io.tidewire.transport.Session;
import io.tidewire.transport.WebSocketUpgrade;
import io.tidewire.transport.Wire;
import io.tidewire.transport.WireClose;
import io.tidewire.transport.WireEnd;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A client of a reliable subprotocol whose WebSocket was lost comes with another one (reference D.5). What proves that it is the same client
 * is its reconnection token alone. Where it cannot come back it is accepted and then told so, because only a close frame
 * tells clients to begin anew; a refused handshake they take for a network that does not work yet.
 */
final class ComeBack {
    static final WireClose IMPOSSIBLE = new WireClose(1008, String.valueOf(Disconnect.NOT_RECOVERED.message()));

    private static final String ID = "awps_connection_id";
    private static final String TOKEN = "awps_reconnection_token";

    private static final Session TURNED_AWAY = new Session() {
        @Override
        public void onOpen(Wire wire) {
            wire.close(IMPOSSIBLE);
        }

        @Override
        public void onMessage(ByteBuf payload, boolean binary) {}

        @Override
        public void onOverflow() {}

        @Override
        public void onClosed(WireEnd end) {}
    };

    private final WebSocketUpgrade upgrade;
    private final Commons commons;

    ComeBack(WebSocketUpgrade upgrade, Commons commons) {
        this.upgrade = upgrade;
        this.commons = commons;
    }

    /** Whether the request is one of a client that was here before. */
    static boolean isAskedFor(Exchange exchange) {
        return exchange.query().last(ID) != null && exchange.query().last(TOKEN) != null;
    }

    void handle(Exchange exchange, String hub) {
        List<String> offered = WebSocketUpgrade.subprotocols(exchange);
        ClientSession there = find(
                hub,
                String.valueOf(exchange.query().last(ID)),
                String.valueOf(exchange.query().last(TOKEN)),
                offered);
        if (there == null) {
            commons.observer().refused("UnknownReconnection");
            upgrade.accept(exchange, offered.isEmpty() ? null : offered.getFirst(), TURNED_AWAY);
            return;
        }
        EventLoop loop = exchange.channel().eventLoop();
        upgrade.accept(
                exchange,
                there.subprotocol(),
                Attachment.next(there, there.loop(), loop, commons.webSocket().maxUnsentBytes()));
    }

    /** The token is looked at in any case: how long this takes must not tell which ids there are. */
    private @Nullable ClientSession find(String hub, String connectionId, String token, List<String> offered) {
        boolean proven = commons.tokens().proves(token, hub, connectionId);
        ClientSession session = commons.directory().find(hub, connectionId);
        return proven && session != null && offered.contains(session.subprotocol()) ? session : null;
    }
}
