package io.tidewire.webpubsub.protocol;

import com.google.protobuf.AnyProto;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MessageOptions;
import com.google.protobuf.DescriptorProtos.OneofDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.ExtensionRegistry;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.TextFormat;
import com.google.protobuf.TypeRegistry;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The messages of reference D.9 as the protobuf library itself reads and writes them, from a description that it is given here. An
 * independent judge of our bytes.
 */
final class VendorMessages {
    /** Name, number and type of each field; {@code ?} is optional, {@code |} one of the message's oneof, {@code *} repeated. */
    private static final String DESCRIPTION = """
            UpstreamMessage: send_to_group_message 1 SendToGroup|, event_message 5 Event|, join_group_message 6 Group|,
             leave_group_message 7 Group|, sequence_ack_message 8 SequenceAck|, ping_message 9 Empty|,
             set_group_state_message 15 SetGroupState|, subscribe_group_state_message 16 Group|,
             unsubscribe_group_state_message 17 Group|
            SendToGroup: group 1 string, ack_id 2 uint64?, data 3 MessageData, no_echo 4 bool?, ttl_seconds 5 uint32?, metadata 6 map, stream 7 Stream
            Stream: stream_id 1 string, idle_timeout_ms 2 uint32?
            Event: event 1 string, data 2 MessageData, ack_id 3 uint64?, metadata 4 map
            Group: group 1 string, ack_id 2 uint64?
            SequenceAck: sequence_id 1 uint64
            Empty:
            SetGroupState: group 1 string, ack_id 2 uint64?, state 3 GroupState
            DownstreamMessage: ack_message 1 Ack|, data_message 2 Data|, system_message 3 System|, pong_message 4 Empty|,
             group_state_update_message 9 GroupStates|, group_state_snapshot_message 10 GroupStates|
            Ack: ack_id 1 uint64, success 2 bool, error 3 AckError
            AckError: name 1 string, message 2 string
            Data: from 1 string, group 2 string?, data 3 MessageData, sequence_id 4 uint64?, metadata 5 map
            System: connected_message 1 Connected|, disconnected_message 2 Disconnected|
            Connected: connection_id 1 string, user_id 2 string, reconnection_token 3 string?
            Disconnected: reason 2 string
            GroupStates: group 1 string, items 2 GroupStateItem*, sequence_id 3 uint64?
            MessageData: text_data 1 string|, binary_data 2 bytes|, protobuf_data 3 any|, json_data 4 string|
            GroupStateItem: connection_id 1 string, user_id 2 string?, state 3 GroupState, updated_at 4 int64
            GroupState: entries 1 map
            """;

    private static final FileDescriptor FILE = describe();
    private static final TypeRegistry TYPES =
            TypeRegistry.newBuilder().add(FILE.getMessageTypes()).build();

    private VendorMessages() {}

    /** The bytes of an {@code UpstreamMessage} in protobuf's text format. */
    static byte[] upstream(String text) {
        return bytes("UpstreamMessage", text);
    }

    private static byte[] bytes(String type, String text) {
        DynamicMessage.Builder builder = DynamicMessage.newBuilder(FILE.findMessageTypeByName(type));
        try {
            TextFormat.Parser.newBuilder()
                    .setTypeRegistry(TYPES)
                    .build()
                    .merge(text, ExtensionRegistry.newInstance(), builder);
        } catch (TextFormat.ParseException e) {
            throw new AssertionError(text, e);
        }
        return builder.build().toByteArray();
    }

    /** A {@code DownstreamMessage} in protobuf's text format, in one line; unknown fields show as numbers. */
    static String downstream(byte[] bytes) {
        return text("DownstreamMessage", bytes);
    }

    /** An {@code UpstreamMessage} as the library would have written it; null when it cannot read it. */
    static byte @Nullable [] rewritten(byte[] upstream) {
        return rewritten("UpstreamMessage", upstream);
    }

    static boolean isDownstream(byte[] bytes) {
        return rewritten("DownstreamMessage", bytes) != null;
    }

    private static byte @Nullable [] rewritten(String type, byte[] bytes) {
        try {
            return DynamicMessage.parseFrom(FILE.findMessageTypeByName(type), bytes)
                    .toByteArray();
        } catch (InvalidProtocolBufferException e) {
            return null;
        }
    }

    private static String text(String type, byte[] bytes) {
        try {
            DynamicMessage message = DynamicMessage.parseFrom(FILE.findMessageTypeByName(type), bytes);
            return TextFormat.printer().emittingSingleLine(true).printToString(message);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError("not a " + type, e);
        }
    }

    private static FileDescriptor describe() {
        var file = FileDescriptorProto.newBuilder()
                .setName("webpubsub.proto")
                .setPackage("azure.webpubsub")
                .setSyntax("proto3")
                .addDependency(AnyProto.getDescriptor().getName());
        for (String line : DESCRIPTION.replace("\n ", " ").strip().split("\n", -1)) {
            file.addMessageType(message(line));
        }
        try {
            return FileDescriptor.buildFrom(file.build(), new FileDescriptor[] {AnyProto.getDescriptor()});
        } catch (DescriptorValidationException e) {
            throw new AssertionError(e);
        }
    }

    private static DescriptorProto message(String line) {
        int colon = line.indexOf(':');
        String fields = line.substring(colon + 1).strip();
        var message = DescriptorProto.newBuilder().setName(line.substring(0, colon));
        if (fields.contains("|")) {
            message.addOneofDecl(OneofDescriptorProto.newBuilder().setName("kind"));
        }
        for (String field : fields.isEmpty() ? new String[0] : fields.split(", *", -1)) {
            field(message, field.split(" ", -1));
        }
        return message.build();
    }

    private static void field(DescriptorProto.Builder message, String[] words) {
        String type = words[2].replaceAll("\\W", "");
        var field = FieldDescriptorProto.newBuilder()
                .setName(words[0])
                .setNumber(Integer.parseInt(words[1]))
                .setLabel(
                        words[2].endsWith("*") || type.equals("map")
                                ? FieldDescriptorProto.Label.LABEL_REPEATED
                                : FieldDescriptorProto.Label.LABEL_OPTIONAL);
        switch (type) {
            case "string", "bytes", "bool", "uint32", "uint64", "int64" ->
                field.setType(FieldDescriptorProto.Type.valueOf("TYPE_" + type.toUpperCase(Locale.ROOT)));
            case "any" -> field.setTypeName(".google.protobuf.Any");
            case "map" -> {
                message.addNestedType(DescriptorProto.newBuilder()
                        .setName("Entry")
                        .setOptions(MessageOptions.newBuilder().setMapEntry(true))
                        .addField(text("key", 1))
                        .addField(text("value", 2)));
                field.setTypeName("Entry");
            }
            default -> field.setTypeName(type);
        }
        if (words[2].endsWith("|")) {
            field.setOneofIndex(0);
        } else if (words[2].endsWith("?")) {
            field.setProto3Optional(true).setOneofIndex(message.getOneofDeclCount());
            message.addOneofDecl(OneofDescriptorProto.newBuilder().setName("_" + words[0]));
        }
        message.addField(field);
    }

    private static FieldDescriptorProto text(String name, int number) {
        return FieldDescriptorProto.newBuilder()
                .setName(name)
                .setNumber(number)
                .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL)
                .setType(FieldDescriptorProto.Type.TYPE_STRING)
                .build();
    }
}
