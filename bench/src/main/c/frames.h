/* WebSocket frames: reads a server's, writes a client's. */
#ifndef FRAMES_H
#define FRAMES_H

#include "messages.h"

#include <stddef.h>
#include <stdint.h>

enum {
    CONTROL_MAX = 125,
    FRAME_HEADER_MAX = 14,
    OPCODE_TEXT = 1,
    OPCODE_BINARY = 2,
    OPCODE_CLOSE = 8,
    OPCODE_PING = 9,
    OPCODE_PONG = 10,
};

/* Where one connection stands in its stream. The fields of the fast path come first: they share a cache line. */
struct stream {
    uint64_t payload_left; /* of the current frame */
    struct messages messages;
    uint8_t header[10];
    uint8_t header_have;
    uint8_t opcode; /* of the current frame */
    uint8_t final;
    uint8_t in_payload;
    uint8_t control_have;
    uint8_t control[CONTROL_MAX]; /* payload of a ping or close: it must be kept, as the answer repeats it */
};

enum outcome { STREAM_OK, STREAM_PING, STREAM_CLOSED, STREAM_BROKEN };

/*
 * Takes bytes as read. Stops early at a ping frame (its payload is in control, control_have bytes), a close frame or bytes that are
 * not a server's frame; *used says how many bytes were taken, the caller passes the rest again after it has answered a ping.
 */
enum outcome stream_take(struct stream *s, enum dialect dialect, const uint8_t *data, size_t length, size_t *used,
                         struct sink *sink);

/* One whole frame at the start of data: its length in bytes and where its payload is, or 0 while it is not complete. */
size_t frame_whole(const uint8_t *data, size_t length, const uint8_t **payload, size_t *payload_length);

/*
 * Writes a client's final frame of at most 65,535 bytes of payload and returns its length; out has FRAME_HEADER_MAX bytes more than
 * the payload. A mask of zero is legal and leaves the payload as it is.
 */
size_t frame_write(uint8_t *out, uint8_t opcode, const void *payload, size_t length, uint32_t mask);

#endif
