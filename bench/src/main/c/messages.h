/* Tells the messages inside WebSocket data frames apart, as a stream: nothing is copied or kept. */
#ifndef MESSAGES_H
#define MESSAGES_H

#include "sequence.h"

#include <stddef.h>
#include <stdint.h>

enum dialect {
    DIALECT_RAW,             /* a WebSocket message is a message */
    DIALECT_SIGNALR_JSON,    /* each ends in 0x1E */
    DIALECT_SIGNALR_MSGPACK, /* each begins with its length as a VarInt */
    DIALECT_WEBPUBSUB,       /* a WebSocket message is a JSON message */
    DIALECT_RELIABLE,        /* the same, and each is acknowledged by its number */
    DIALECT_SOCKETIO,        /* Engine.IO 4: a WebSocket message is a packet */
    DIALECT_NATS,            /* the NATS client protocol, cut into frames anywhere */
};

struct totals {
    uint64_t deliveries;
    uint64_t others; /* pings of the protocol, acks and anything else that is not a delivery */
    uint64_t frames; /* data frames */
    uint64_t bytes;  /* everything read, headers included */
    uint64_t reads;  /* reads that returned data */
};

/* Where deliveries go. */
struct sink {
    struct totals totals;
    void (*delivered)(void *context, uint32_t sequence);
    void *context;
};

struct messages {
    uint32_t length; /* bytes of the current message so far */
    uint32_t left;   /* bytes still to come, where a message says its length beforehand; 0 while that is being read */
    struct sequence sequence;
    uint8_t first; /* the message's first byte, and the byte that tells its type; 0 until known */
    uint8_t type;
    uint8_t varint_shift;
    uint8_t refused; /* the server has said that it does not accept something */
    uint32_t asked;  /* pings of the protocol that wait for an answer */
};

/* Takes a part of a data frame's payload. */
void messages_take(struct messages *m, enum dialect dialect, const uint8_t *data, size_t length, struct sink *sink);

/* The last frame of a WebSocket message has ended. */
void messages_end(struct messages *m, enum dialect dialect, struct sink *sink);

#endif
