#include "frames.h"

#include <string.h>

enum { MASK_BIT = 0x80, FINAL_BIT = 0x80, RESERVED_BITS = 0x70 };

/* Bytes that the header needs, known once two of them are here. */
static uint8_t header_length(const uint8_t *header, size_t have) {
    if (have < 2) {
        return 2;
    }
    uint8_t code = header[1] & 0x7F;
    return code == 126 ? 4 : code == 127 ? 10 : 2;
}

static uint64_t payload_length(const uint8_t *header) {
    uint8_t code = header[1] & 0x7F;
    if (code < 126) {
        return code;
    }
    uint64_t length = 0;
    for (int i = 2; i < (code == 126 ? 4 : 10); i++) {
        length = length << 8 | header[i];
    }
    return length;
}

/* STREAM_OK when the frame may be read on, and STREAM_BROKEN when no server may send such a header. */
static enum outcome frame_begins(struct stream *s) {
    s->final = (s->header[0] & FINAL_BIT) != 0;
    s->opcode = s->header[0] & 0x0F;
    s->payload_left = payload_length(s->header);
    s->control_have = 0;
    s->in_payload = 1;
    int masked = (s->header[1] & MASK_BIT) != 0;
    int reserved = (s->header[0] & RESERVED_BITS) != 0;
    int long_control = s->opcode >= OPCODE_CLOSE && s->payload_left > CONTROL_MAX;
    return masked || reserved || long_control ? STREAM_BROKEN : STREAM_OK;
}

static enum outcome frame_ends(struct stream *s, enum dialect dialect, struct sink *sink) {
    s->in_payload = 0;
    s->header_have = 0;
    if (s->opcode >= OPCODE_CLOSE) {
        return s->opcode == OPCODE_CLOSE ? STREAM_CLOSED : s->opcode == OPCODE_PING ? STREAM_PING : STREAM_OK;
    }
    sink->totals.frames++;
    if (s->final) {
        messages_end(&s->messages, dialect, sink);
    }
    return STREAM_OK;
}

enum outcome stream_take(struct stream *s, enum dialect dialect, const uint8_t *data, size_t length, size_t *used,
                         struct sink *sink) {
    size_t at = 0;
    enum outcome outcome = STREAM_OK;
    while (at < length && outcome == STREAM_OK) {
        if (!s->in_payload) {
            s->header[s->header_have++] = data[at++];
            if (s->header_have >= 2 && s->header_have == header_length(s->header, s->header_have)) {
                outcome = frame_begins(s);
            }
        } else {
            size_t part = length - at < s->payload_left ? length - at : (size_t)s->payload_left;
            if (s->opcode >= OPCODE_CLOSE) {
                memcpy(s->control + s->control_have, data + at, part);
                s->control_have = (uint8_t)(s->control_have + part);
            } else {
                messages_take(&s->messages, dialect, data + at, part, sink);
            }
            s->payload_left -= part;
            at += part;
        }
        if (outcome == STREAM_OK && s->in_payload && s->payload_left == 0) {
            outcome = frame_ends(s, dialect, sink);
        }
    }
    *used = at;
    return outcome;
}

size_t frame_whole(const uint8_t *data, size_t length, const uint8_t **payload, size_t *payload_bytes) {
    size_t header = header_length(data, length);
    if (length < header) {
        return 0;
    }
    uint64_t body = payload_length(data);
    if (body > length - header) {
        return 0;
    }
    *payload = data + header;
    *payload_bytes = (size_t)body;
    return header + (size_t)body;
}

size_t frame_write(uint8_t *out, uint8_t opcode, const void *payload, size_t length, uint32_t mask) {
    size_t at = 0;
    out[at++] = (uint8_t)(FINAL_BIT | opcode);
    if (length < 126) {
        out[at++] = (uint8_t)(MASK_BIT | length);
    } else {
        out[at++] = MASK_BIT | 126;
        out[at++] = (uint8_t)(length >> 8);
        out[at++] = (uint8_t)length;
    }
    uint8_t key[4];
    memcpy(key, &mask, sizeof key);
    memcpy(out + at, key, sizeof key);
    at += sizeof key;
    const uint8_t *from = payload;
    for (size_t i = 0; i < length; i++) {
        out[at + i] = from[i] ^ key[i & 3];
    }
    return at + length;
}
