package io.tidewire.webpubsub.rest;

import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.tidewire.http.Exchange;
import io.tidewire.hub.Hub;
import io.tidewire.hub.Permission;
import io.tidewire.service.access.HubName;
import io.tidewire.service.rest.RestCall;
import io.tidewire.service.rest.Service;
import io.tidewire.webpubsub.protocol.Metadata;
import io.tidewire.webpubsub.protocol.Payload;
import io.tidewire.webpubsub.protocol.ServiceMessage;
import io.tidewire.webpubsub.protocol.TimeToLive;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One REST call of Web PubSub Service. */
final class Call extends RestCall {
    Call(Exchange exchange, Service service) {
        super(exchange, service);
    }

    @Override
    public Hub hub() {
        return hub(HubName.of(exchange().pathParameter("hub"), null));
    }

    String user() {
        return user("userId");
    }

    Permission permission() {
        return switch (exchange().pathParameter("permission").toLowerCase(Locale.ROOT)) {
            case "joinleavegroup" -> Permission.JOIN_LEAVE_GROUP;
            case "sendtogroup" -> Permission.SEND_TO_GROUP;
            default -> throw invalid("permission", "Invalid permission. It is joinLeaveGroup or sendToGroup.");
        };
    }

    /** The group that a permission is for; null for every one. */
    @Nullable
    String targetName() {
        String name = exchange().query().first("targetName");
        return name == null ? null : checked(name, "targetName");
    }

    /** All values of a parameter that may be repeated, without those that are empty. */
    List<String> all(String parameter) {
        var values = new ArrayList<>(exchange().query().all(parameter));
        values.removeIf(String::isEmpty);
        return values;
    }

    /** A choice of the query in any letter case; the default when it is not there. */
    <E extends Enum<E>> E choice(String parameter, Class<E> choices, E absent) {
        String text = exchange().query().first(parameter);
        if (text == null || text.isEmpty()) {
            return absent;
        }
        for (E choice : choices.getEnumConstants()) {
            if (choice.name().equalsIgnoreCase(text)) {
                return choice;
            }
        }
        throw invalid(
                parameter, "Invalid " + parameter + ". It is one of " + List.of(choices.getEnumConstants()) + ".");
    }

    GroupsBody groups() {
        return GroupsBody.read(body("Groups"));
    }

    /** The body as a message of the server. */
    ServiceMessage message() {
        return new ServiceMessage.FromServer(payload(), metadata(), ttlSeconds());
    }

    /** The body as a message to a group, which nobody in particular sends. */
    ServiceMessage messageTo(String group) {
        return new ServiceMessage.FromGroup(group, null, payload(), metadata(), ttlSeconds(), null);
    }

    private Payload payload() {
        return MessageBody.payload(
                exchange().headers().get(HttpHeaderNames.CONTENT_TYPE),
                ByteBufUtil.getBytes(exchange().body()));
    }

    private Metadata metadata() {
        return MessageBody.metadata(exchange().headers());
    }

    private int ttlSeconds() {
        return number("messageTtlSeconds", 0, TimeToLive.MAX_SECONDS, 0);
    }
}
