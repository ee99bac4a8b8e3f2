/* Reads WebSocket frames from a server and counts the hub messages in them, as a stream: nothing is copied or kept. */
#ifndef FRAMES_H
#define FRAMES_H

#include <stddef.h>
#include <stdint.h>

/* How messages are told apart inside data frames. */
enum protocol {
    PROTOCOL_JSON,    /* SignalR JSON: each ends in 0x1E */
    PROTOCOL_MSGPACK, /* SignalR MessagePack: each begins with its length as a VarInt */
    PROTOCOL_RAW,     /* no hub protocol: a WebSocket message is a message */
};

enum { CONTROL_MAX = 125 };

/* Where one connection stands in its stream. The fields of the fast path come first: they share a cache line. */
struct stream {
    uint64_t payload_left; /* of the current frame */
    uint32_t message_length; /* bytes of the current hub message so far */
    uint32_t message_left;   /* MessagePack: bytes still to come; 0 while its length is being read */
    uint8_t header[10];
    uint8_t header_have;
    uint8_t opcode; /* of the current frame */
    uint8_t final;
    uint8_t in_payload;
    uint8_t message_type; /* the hub message type, '1' for an invocation in both protocols; 0 until known */
    uint8_t varint_shift;
    uint8_t control_have;
    uint8_t control[CONTROL_MAX]; /* payload of a ping or close: it must be kept, as the answer repeats it */
};

struct totals {
    uint64_t deliveries; /* invocations; in raw mode, messages */
    uint64_t others;     /* hub pings and anything else that is not a delivery */
    uint64_t frames;     /* data frames */
    uint64_t bytes;      /* everything read, headers included */
    uint64_t reads;      /* reads that returned data */
};

enum outcome { STREAM_OK, STREAM_PING, STREAM_CLOSED, STREAM_BROKEN };

/*
 * Takes bytes as read. Stops early at a ping frame (its payload is in control, control_have bytes), a close frame or bytes that are
 * not a server's frame; *used says how many bytes were taken, the caller passes the rest again after it has answered a ping.
 */
enum outcome stream_take(struct stream *s, enum protocol protocol, const uint8_t *data, size_t length, size_t *used,
                         struct totals *totals);

#endif
