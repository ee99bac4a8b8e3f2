/* One WebSocket connection from connect() until the server has let it in, in the way of its protocol. */
#ifndef SESSION_H
#define SESSION_H

#include "frames.h"
#include "records.h"

#include <stdint.h>

enum session_state {
    SESSION_NONE,
    SESSION_UPGRADING, /* the upgrade is asked for */
    SESSION_GREETING,  /* the server (Socket.IO, NATS) greets first */
    SESSION_SHAKING,   /* the last answer that is missing: hub handshake, connected, namespace, PONG */
    SESSION_OPEN,
    SESSION_CLOSING, /* has sent a close frame */
};

struct session {
    struct stream stream;
    int fd;
    uint8_t state;   /* enum session_state */
    uint8_t dialect; /* enum dialect */
    const char *subject;
    const char *subprotocol;
};

/*
 * A socket connected to 127.0.0.1:port, from one of nine addresses: one has 28 thousand ports at most, and closed ones rest for a
 * minute.
 */
int connect_from(uint32_t source, uint16_t port);

/* Connects and asks for the upgrade. */
void session_start(struct session *s, uint16_t port, const struct upgrade *upgrade, enum dialect dialect, uint32_t source);

enum opening { OPENING_WAITS, OPENING_DONE, OPENING_FAILED };

/* What failed, and the bytes that tell. */
struct refusal {
    const char *what;
    char text[512];
};

/* Takes the next step when the socket is readable. id (ID_MAX bytes, or NULL) gets the connection id of Web PubSub's connected message. */
enum { ID_MAX = 128 };
enum opening session_step(struct session *s, char *id, struct refusal *refusal);

/* Sends a small frame without waiting; false where it does not fit or the connection is gone. */
int session_send(struct session *s, uint8_t opcode, const void *payload, size_t length);

#endif
