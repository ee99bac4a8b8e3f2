package io.tidewire.signalr.rest;

import io.tidewire.http.Problem;
import io.tidewire.http.Response;
import io.tidewire.hub.Answer;
import io.tidewire.hub.Audience;
import io.tidewire.hub.Hub;
import io.tidewire.service.protocol.ProtocolViolation;
import io.tidewire.service.rest.Operation.Action;
import io.tidewire.signalr.protocol.HubProtocol;
import io.tidewire.signalr.protocol.HubProtocols;
import io.tidewire.signalr.protocol.ServerMessage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What REST callers ask of one client: the result of a call, and the items of its streams (reference C.5). */
final class ClientCalls {
    private static final byte[] NO_RESULT = ascii("{}");
    private static final byte[] RESULT = ascii("{\"result\":");

    private ClientCalls() {}

    /**
     * Calls a method of the client and waits for its result. A caller that leaves meanwhile is not waited for.
     *
     * <p>The answer is the one of the vendor's document: {@code result} as JSON and nothing else, since {@code protocol} is for
     * clients that are neither JSON nor MessagePack, and {@code ClientInvocation/InvocationResponse.cs} of Azure/azure-signalr's
     * Management SDK reads it so. (That file has also been seen with {@code result} as the base64 of a whole framed completion
     * and {@code protocol} always there; nothing in a request tells which of the two its caller reads.)
     */
    static Action<Call> invoke() {
        return call -> {
            Hub hub = call.hub();
            String connectionId = call.connectionId();
            ServerMessage question = call.message();
            Duration patience = call.invocationTimeout();
            CompletableFuture<Answer> answer = hub.ask(connectionId, question, patience);
            call.onGone(() -> answer.cancel(false));
            call.answer(answer, it -> response(it, connectionId, patience));
        };
    }

    private static Response response(Answer answer, String connectionId, Duration patience) {
        return switch (answer) {
            case Answer.Result(var dialect, var value) -> Response.json(200, result(dialect, value));
            case Answer.Failed(var error) -> throw invalid(error);
            case Answer.Disconnected _ -> throw invalid("Connection '" + connectionId + "' is disconnected.");
            case Answer.Unaskable(var why) -> throw invalid("The request body is not valid. " + why + ".");
            case Answer.NoConnection _ -> throw Actions.Missing.CHANGED_CONNECTION.problem();
            case Answer.Busy(var limit) ->
                throw new Problem(
                        429,
                        "Error.Connection.Busy",
                        limit + " invocations wait for this connection, which is the limit"
                                + " (signalr.client.maxPendingInvocations). Try again.",
                        List.of(Map.entry("Retry-After", "1")));
            case Answer.TooLate _ ->
                throw new Problem(
                        504,
                        "Error.Connection.Timeout",
                        "The client did not answer within " + patience.toMillis()
                                + " ms (signalr.client.invocationTimeout).");
        };
    }

    private static byte[] result(String dialect, byte @Nullable [] value) {
        if (value == null) {
            return NO_RESULT;
        }
        HubProtocol protocol = Objects.requireNonNull(HubProtocols.byName(dialect), dialect);
        byte[] json;
        try {
            json = protocol.toJson(value);
        } catch (ProtocolViolation violation) {
            throw invalid("The result of the client cannot be written as JSON. " + violation.message() + ".");
        }
        var body = new ByteArrayOutputStream(RESULT.length + json.length + 1);
        body.writeBytes(RESULT);
        body.writeBytes(json);
        body.write('}');
        return body.toByteArray();
    }

    /** Sends one item, which may be the last one. As for other sends, whether anybody takes it does not matter. */
    static Action<Call> sendStreamItem() {
        return call -> {
            Hub hub = call.hub();
            Audience client = Audience.connection(call.connectionId());
            String streamId = call.streamId();
            boolean last = call.flag("completed");
            CompletionStage<Void> sent = hub.send(client, new ServerMessage.StreamItem(streamId, call.item()));
            call.answer(
                    202,
                    last ? sent.thenCompose(_ -> hub.send(client, new ServerMessage.StreamEnd(streamId, null))) : sent);
        };
    }

    static Action<Call> completeStream() {
        return call -> {
            Audience client = Audience.connection(call.connectionId());
            call.answer(202, call.hub().send(client, new ServerMessage.StreamEnd(call.streamId(), call.streamError())));
        };
    }

    private static Problem invalid(String message) {
        return new Problem(400, Call.INVALID, message);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
