#include "frames.h"

#include <string.h>

enum { OPCODE_CLOSE = 8, OPCODE_PING = 9, MASK_BIT = 0x80, RECORD_SEPARATOR = 0x1E };

/* {"type":N: the digit's place. Type leads in Tidewire and in the floor; whatever has it elsewhere is not counted as a delivery. */
enum { JSON_TYPE_AT = 8, MSGPACK_TYPE_AT = 1 };

static void message_ends(struct stream *s, struct totals *totals) {
    if (s->message_type == '1') {
        totals->deliveries++;
    } else {
        totals->others++;
    }
    s->message_length = 0;
    s->message_type = 0;
}

static void take_json(struct stream *s, const uint8_t *data, size_t length, struct totals *totals) {
    while (length > 0) {
        const uint8_t *end = memchr(data, RECORD_SEPARATOR, length);
        size_t part = end == NULL ? length : (size_t)(end - data);
        if (s->message_length <= JSON_TYPE_AT && s->message_length + part > JSON_TYPE_AT) {
            s->message_type = data[JSON_TYPE_AT - s->message_length];
        }
        s->message_length += (uint32_t)part;
        if (end == NULL) {
            return;
        }
        message_ends(s, totals);
        data += part + 1;
        length -= part + 1;
    }
}

static void take_msgpack(struct stream *s, const uint8_t *data, size_t length, struct totals *totals) {
    while (length > 0) {
        if (s->message_left == 0) {
            s->message_length |= (uint32_t)(*data & 0x7F) << s->varint_shift;
            s->varint_shift = (uint8_t)(s->varint_shift + 7);
            if ((*data & 0x80) == 0) {
                s->message_left = s->message_length;
                s->message_length = 0;
                s->varint_shift = 0;
            }
            data++;
            length--;
            continue;
        }
        size_t part = length < s->message_left ? length : s->message_left;
        if (s->message_length <= MSGPACK_TYPE_AT && s->message_length + part > MSGPACK_TYPE_AT) {
            s->message_type = (uint8_t)('0' + data[MSGPACK_TYPE_AT - s->message_length]);
        }
        s->message_length += (uint32_t)part;
        s->message_left -= (uint32_t)part;
        data += part;
        length -= part;
        if (s->message_left == 0) {
            message_ends(s, totals);
        }
    }
}

/* Bytes that the header needs, known once two of them are here. */
static uint8_t header_length(const struct stream *s) {
    if (s->header_have < 2) {
        return 2;
    }
    uint8_t code = s->header[1] & 0x7F;
    return code == 126 ? 4 : code == 127 ? 10 : 2;
}

static uint64_t payload_length(const struct stream *s) {
    uint8_t code = s->header[1] & 0x7F;
    if (code < 126) {
        return code;
    }
    uint64_t length = 0;
    for (int i = 2; i < (code == 126 ? 4 : 10); i++) {
        length = length << 8 | s->header[i];
    }
    return length;
}

/* STREAM_OK when the frame may be read on, and STREAM_BROKEN when no server may send such a header. */
static enum outcome frame_begins(struct stream *s) {
    s->final = (s->header[0] & 0x80) != 0;
    s->opcode = s->header[0] & 0x0F;
    s->payload_left = payload_length(s);
    s->control_have = 0;
    s->in_payload = 1;
    int masked = (s->header[1] & MASK_BIT) != 0;
    int reserved = (s->header[0] & 0x70) != 0;
    int long_control = s->opcode >= OPCODE_CLOSE && s->payload_left > CONTROL_MAX;
    return masked || reserved || long_control ? STREAM_BROKEN : STREAM_OK;
}

static enum outcome frame_ends(struct stream *s, enum protocol protocol, struct totals *totals) {
    s->in_payload = 0;
    s->header_have = 0;
    if (s->opcode >= OPCODE_CLOSE) {
        return s->opcode == OPCODE_CLOSE ? STREAM_CLOSED : s->opcode == OPCODE_PING ? STREAM_PING : STREAM_OK;
    }
    totals->frames++;
    if (protocol == PROTOCOL_RAW && s->final) {
        totals->deliveries++;
    }
    return STREAM_OK;
}

static void take_payload(struct stream *s, enum protocol protocol, const uint8_t *data, size_t length,
                         struct totals *totals) {
    if (s->opcode >= OPCODE_CLOSE) {
        memcpy(s->control + s->control_have, data, length);
        s->control_have = (uint8_t)(s->control_have + length);
    } else if (protocol == PROTOCOL_JSON) {
        take_json(s, data, length, totals);
    } else if (protocol == PROTOCOL_MSGPACK) {
        take_msgpack(s, data, length, totals);
    }
}

enum outcome stream_take(struct stream *s, enum protocol protocol, const uint8_t *data, size_t length, size_t *used,
                         struct totals *totals) {
    size_t at = 0;
    enum outcome outcome = STREAM_OK;
    while (at < length && outcome == STREAM_OK) {
        if (!s->in_payload) {
            s->header[s->header_have++] = data[at++];
            if (s->header_have == header_length(s) && s->header_have >= 2) {
                outcome = frame_begins(s);
            }
        } else {
            size_t part = length - at < s->payload_left ? length - at : (size_t)s->payload_left;
            take_payload(s, protocol, data + at, part, totals);
            s->payload_left -= part;
            at += part;
        }
        if (outcome == STREAM_OK && s->in_payload && s->payload_left == 0) {
            outcome = frame_ends(s, protocol, totals);
        }
    }
    *used = at;
    return outcome;
}
