package io.tidewire.webpubsub.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.tidewire.hub.Audience;
import io.tidewire.hub.Connection;
import io.tidewire.hub.Disconnect;
import io.tidewire.hub.Hub;
import io.tidewire.hub.Permission;
import io.tidewire.webpubsub.protocol.ClientMessage;
import io.tidewire.webpubsub.protocol.DataType;
import io.tidewire.webpubsub.protocol.Metadata;
import io.tidewire.webpubsub.protocol.Payload;
import io.tidewire.webpubsub.protocol.ServiceMessage;
import java.util.Set;

/** A client without a protocol of ours (reference D.2): each of its frames is an event, or goes to its group. */
final class SimpleTalk implements Talk {
    private static final String EVENT = "message";

    private final ClientSession session;
    private final Hub hub;
    private final Connection connection;
    private final Terms terms;
    private final Backend.Conversation conversation;

    SimpleTalk(ClientSession session, Connection connection, Terms terms, Backend.Conversation conversation) {
        this.session = session;
        this.hub = session.members();
        this.connection = connection;
        this.terms = terms;
        this.conversation = conversation;
    }

    @Override
    public void take(ByteBuf payload, boolean binary) {
        var data = new Payload(binary ? DataType.BINARY : DataType.TEXT, ByteBufUtil.getBytes(payload));
        if (terms.group() == null) {
            event(data);
        } else {
            send(terms.group(), data);
        }
    }

    private void event(Payload data) {
        conversation.event(new ClientMessage.Event(EVENT, data, null, Metadata.NONE), outcome -> {
            switch (outcome) {
                case EventOutcome.Handled(var answer, var metadata) -> {
                    if (answer != null) {
                        session.send(new ServiceMessage.FromServer(answer, metadata, 0));
                    }
                }
                case EventOutcome.NoHandler _ -> session.refuse(Closing.NO_HANDLER);
                case EventOutcome.Failed _ -> session.refuse(Closing.EVENT_FAILED);
            }
        });
    }

    /** What it may do can change while it is there, so each frame is looked at. */
    private void send(String group, Payload data) {
        if (!connection.permissions().allows(Permission.SEND_TO_GROUP, group)) {
            session.refuse(Closing.MAY_NOT_SEND);
            return;
        }
        Audience members = Audience.group(group);
        if (terms.noEcho()) {
            members = members.except(Set.of(connection.id()));
        }
        session.holdUntil(hub.send(
                members, new ServiceMessage.FromGroup(group, connection.userId(), data, Metadata.NONE, 0, null)));
    }

    /** It never does: only reliable clients come back. */
    @Override
    public void returned() {}

    @Override
    public void left(String group) {}

    @Override
    public void revoked() {}

    @Override
    public void end(Disconnect why) {}
}
