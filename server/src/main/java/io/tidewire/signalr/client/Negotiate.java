package io.tidewire.signalr.client;

import io.tidewire.http.Exchange;
import io.tidewire.http.Handler;
import io.tidewire.http.Response;
import io.tidewire.service.access.Quotas;
import io.tidewire.service.client.Cors;
import io.tidewire.signalr.access.SignalRClaims;
import io.tidewire.signalr.client.ClientAccess.Client;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** {@code POST /client/negotiate}: tells a client which transports there are and what its connection is called (D.1). */
final class Negotiate implements Handler {
    private static final JsonFactory JSON = new JsonFactory();

    /** In the order in which clients try them. */
    private static final List<Transport> TRANSPORTS = List.of(
            new Transport(SignalRClaims.WEB_SOCKETS, "WebSockets", List.of("Text", "Binary")),
            new Transport(SignalRClaims.SERVER_SENT_EVENTS, "ServerSentEvents", List.of("Text")),
            new Transport(SignalRClaims.LONG_POLLING, "LongPolling", List.of("Text", "Binary")));

    private record Transport(int bit, String name, List<String> formats) {
        void write(JsonGenerator out) {
            out.writeStartObject();
            out.writeStringProperty("transport", name);
            out.writeArrayPropertyStart("transferFormats");
            formats.forEach(out::writeString);
            out.writeEndArray();
            out.writeEndObject();
        }
    }

    private final ClientAccess access;
    private final ConnectionToken tokens;
    private final Quotas quotas;
    private final Cors cors;
    private final boolean grantReconnect;

    /** @param grantReconnect whether clients that ask for stateful reconnect get it */
    Negotiate(ClientAccess access, ConnectionToken tokens, Quotas quotas, Cors cors, boolean grantReconnect) {
        this.access = access;
        this.tokens = tokens;
        this.quotas = quotas;
        this.cors = cors;
        this.grantReconnect = grantReconnect;
    }

    @Override
    public void handle(Exchange exchange) {
        Client client = access.admit(exchange, false);
        quotas.checkConnect(client.claims().isDiagnostic());
        String version = exchange.query().first("negotiateVersion");
        byte[] answer;
        try {
            int asked = version == null ? 0 : Integer.parseInt(version);
            boolean mayReturn =
                    grantReconnect && "true".equalsIgnoreCase(exchange.query().first("useStatefulReconnect"));
            answer = accept(client, Math.clamp(asked, 0, 1), mayReturn);
        } catch (NumberFormatException notANumber) {
            answer = refuse("The client requested a non-integer protocol version.");
        }
        exchange.respond(cors.decorate(exchange, Response.of(200, "application/json", answer))
                .with("Cache-Control", "no-store"));
    }

    private byte[] accept(Client client, int version, boolean mayReturn) {
        var negotiated = tokens.issue(version, mayReturn, client.hub().name(), client.userId());
        return json(out -> {
            out.writeNumberProperty("negotiateVersion", version);
            out.writeStringProperty("connectionId", negotiated.connectionId());
            if (version > 0) {
                out.writeStringProperty("connectionToken", negotiated.token());
            }
            if (mayReturn) {
                out.writeBooleanProperty("useStatefulReconnect", true);
            }
            out.writeArrayPropertyStart("availableTransports");
            for (Transport transport : TRANSPORTS) {
                if (client.mayUse(transport.bit())) {
                    transport.write(out);
                }
            }
            out.writeEndArray();
        });
    }

    private static byte[] refuse(@Nullable String error) {
        return json(out -> out.writeStringProperty("error", error));
    }

    private interface Members {
        void write(JsonGenerator out);
    }

    private static byte[] json(Members members) {
        var json = new ByteArrayOutputStream(256);
        try (JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), json)) {
            out.writeStartObject();
            members.write(out);
            out.writeEndObject();
        }
        return json.toByteArray();
    }
}
