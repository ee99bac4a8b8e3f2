#include "messages.h"

#include <string.h>

enum { RECORD_SEPARATOR = 0x1E };

/*
 * The place of the byte that tells a delivery from the rest, and its value in a delivery. The type leads in all that Tidewire writes;
 * whatever has it elsewhere is not counted as a delivery.
 */
static const struct {
    uint8_t at;
    uint8_t delivery;
} types[] = {
    [DIALECT_SIGNALR_JSON] = {8, '1'},   /* {"type":1 */
    [DIALECT_SIGNALR_MSGPACK] = {1, 1},  /* array header, 1 */
    [DIALECT_WEBPUBSUB] = {9, 'm'},      /* {"type":"message" */
    [DIALECT_RELIABLE] = {9, 'm'},
    [DIALECT_SOCKETIO] = {1, '2'},       /* 42["name",...] */
};

static void message_ends(struct messages *m, int delivery, struct sink *sink) {
    uint32_t sequence = sequence_end(&m->sequence);
    if (delivery) {
        sink->totals.deliveries++;
        sink->delivered(sink->context, sequence);
    } else {
        sink->totals.others++;
    }
    m->length = 0;
    m->first = 0;
    m->type = 0;
}

/* A part that does not go beyond the current message. */
static void take_part(struct messages *m, enum dialect dialect, const uint8_t *data, size_t length) {
    uint8_t at = types[dialect].at;
    if (m->length == 0 && length > 0) {
        m->first = data[0];
    }
    if (m->length <= at && m->length + length > at) {
        m->type = data[at - m->length];
    }
    m->length += (uint32_t)length;
    sequence_scan(&m->sequence, data, length);
}

static void take_separated(struct messages *m, enum dialect dialect, const uint8_t *data, size_t length,
                           struct sink *sink) {
    while (length > 0) {
        const uint8_t *end = memchr(data, RECORD_SEPARATOR, length);
        size_t part = end == NULL ? length : (size_t)(end - data);
        take_part(m, dialect, data, part);
        if (end == NULL) {
            return;
        }
        message_ends(m, m->type == types[dialect].delivery, sink);
        data += part + 1;
        length -= part + 1;
    }
}

static void take_prefixed(struct messages *m, enum dialect dialect, const uint8_t *data, size_t length,
                          struct sink *sink) {
    while (length > 0) {
        if (m->left == 0) {
            m->length |= (uint32_t)(*data & 0x7F) << m->varint_shift;
            m->varint_shift = (uint8_t)(m->varint_shift + 7);
            if ((*data & 0x80) == 0) {
                m->left = m->length;
                m->length = 0;
                m->varint_shift = 0;
            }
            data++;
            length--;
            continue;
        }
        size_t part = length < m->left ? length : m->left;
        take_part(m, dialect, data, part);
        m->left -= (uint32_t)part;
        data += part;
        length -= part;
        if (m->left == 0) {
            message_ends(m, m->type == types[dialect].delivery, sink);
        }
    }
}

/* One byte of a control line; a number that ends the line is in sequence.value. */
static void take_nats_line(struct messages *m, uint8_t byte, struct sink *sink) {
    m->first = m->length == 0 ? byte : m->first;
    m->type = m->length == 1 ? byte : m->type;
    m->length++;
    if (byte != '\n') {
        m->sequence.value = byte == ' ' ? 0 : byte >= '0' && byte <= '9' ? m->sequence.value * 10 + byte - '0' : m->sequence.value;
        return;
    }
    uint32_t size = m->sequence.value;
    m->sequence = (struct sequence){0};
    if (m->first == 'M') { /* MSG subject sid size */
        m->left = size + 2;
        m->length = 0;
        return;
    }
    m->asked += m->first == 'P' && m->type == 'I'; /* PING */
    m->refused |= m->first == '-';                 /* -ERR */
    message_ends(m, 0, sink);
}

static void take_nats(struct messages *m, const uint8_t *data, size_t length, struct sink *sink) {
    while (length > 0) {
        if (m->left == 0) {
            take_nats_line(m, *data++, sink);
            length--;
            continue;
        }
        size_t part = length < m->left ? length : m->left;
        sequence_scan(&m->sequence, data, part);
        m->left -= (uint32_t)part;
        data += part;
        length -= part;
        if (m->left == 0) {
            message_ends(m, 1, sink);
        }
    }
}

void messages_take(struct messages *m, enum dialect dialect, const uint8_t *data, size_t length, struct sink *sink) {
    switch (dialect) {
    case DIALECT_RAW:
    case DIALECT_WEBPUBSUB:
    case DIALECT_RELIABLE:
    case DIALECT_SOCKETIO:
        take_part(m, dialect, data, length);
        break;
    case DIALECT_SIGNALR_JSON:
        take_separated(m, dialect, data, length, sink);
        break;
    case DIALECT_SIGNALR_MSGPACK:
        take_prefixed(m, dialect, data, length, sink);
        break;
    case DIALECT_NATS:
        take_nats(m, data, length, sink);
        break;
    }
}

void messages_end(struct messages *m, enum dialect dialect, struct sink *sink) {
    switch (dialect) {
    case DIALECT_RAW:
        message_ends(m, 1, sink);
        break;
    case DIALECT_SOCKETIO:
        m->asked += m->first == '2' && m->length == 1;
        message_ends(m, m->first == '4' && m->type == types[dialect].delivery, sink);
        break;
    case DIALECT_WEBPUBSUB:
    case DIALECT_RELIABLE:
        message_ends(m, m->type == types[dialect].delivery, sink);
        break;
    case DIALECT_SIGNALR_JSON:
    case DIALECT_SIGNALR_MSGPACK:
    case DIALECT_NATS:
        break; /* their messages end by themselves */
    }
}
