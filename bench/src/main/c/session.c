#include "session.h"

#include "fail.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The example of RFC 6455 section 1.3: one key for all, so the answer is known beforehand. */
#define KEY "dGhlIHNhbXBsZSBub25jZQ=="
#define ACCEPT "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

enum { SOURCES = 9, REQUEST_MAX = 16384, CONNECT_SECONDS = 5, SMALL_MAX = 1024 };

static uint8_t buffer[65536];

int connect_from(uint32_t source, uint16_t port) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        fail_errno("socket");
    }
    int on = 1;
    /* Blocks, as loopback answers at once; a server whose backlog is full is not waited for without end. */
    struct timeval limit = {.tv_sec = CONNECT_SECONDS};
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK + source % SOURCES)};
    struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(port)};
    if (bind(fd, (struct sockaddr *)&from, sizeof from) != 0
        || connect(fd, (struct sockaddr *)&to, sizeof to) != 0) {
        fail("connect to port %u: %s", port, errno == EINPROGRESS ? "not accepted in time" : strerror(errno));
    }
    return fd;
}

void session_start(struct session *s, uint16_t port, const struct upgrade *upgrade, enum dialect dialect, uint32_t source) {
    memset(s, 0, sizeof *s);
    s->fd = connect_from(source, port);
    s->dialect = (uint8_t)dialect;
    s->subject = upgrade->subject == NULL ? "b" : upgrade->subject;
    s->subprotocol = upgrade->subprotocol;
    char request[REQUEST_MAX];
    int length = snprintf(request, sizeof request,
                          "GET %s HTTP/1.1\r\nHost: localhost:%u\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                          "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " KEY "\r\n%s%s%s%s%s%s\r\n",
                          upgrade->path, port, upgrade->token == NULL ? "" : "Authorization: Bearer ",
                          upgrade->token == NULL ? "" : upgrade->token, upgrade->token == NULL ? "" : "\r\n",
                          upgrade->subprotocol == NULL ? "" : "Sec-WebSocket-Protocol: ",
                          upgrade->subprotocol == NULL ? "" : upgrade->subprotocol,
                          upgrade->subprotocol == NULL ? "" : "\r\n");
    if (length >= (int)sizeof request) {
        fail("the upgrade request is too long");
    }
    if (send(s->fd, request, (size_t)length, MSG_NOSIGNAL) != length) {
        fail_errno("upgrade request");
    }
    s->state = SESSION_UPGRADING;
}

int session_send(struct session *s, uint8_t opcode, const void *payload, size_t length) {
    uint8_t frame[FRAME_HEADER_MAX + SMALL_MAX];
    if (length > SMALL_MAX) {
        return 0;
    }
    size_t size = frame_write(frame, opcode, payload, length, 0);
    return send(s->fd, frame, size, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)size;
}

static enum opening refuse(struct refusal *r, const char *what, const void *bytes, size_t length) {
    r->what = what;
    snprintf(r->text, sizeof r->text, "%.*s", (int)length, (const char *)bytes);
    return OPENING_FAILED;
}

static enum opening say(struct session *s, uint8_t opcode, const char *text, enum session_state next, struct refusal *r) {
    s->state = (uint8_t)next;
    return session_send(s, opcode, text, strlen(text)) ? OPENING_WAITS : refuse(r, "could not send the handshake", "", 0);
}

static enum opening opened(struct session *s) {
    s->state = SESSION_OPEN;
    return OPENING_DONE;
}

/* The upgrade is answered with 101: what the protocol does next. */
static enum opening upgraded(struct session *s, struct refusal *r) {
    switch ((enum dialect)s->dialect) {
    case DIALECT_RAW:
        return opened(s);
    case DIALECT_SIGNALR_JSON: /* the hub handshake is JSON in either protocol */
        return say(s, OPCODE_TEXT, "{\"protocol\":\"json\",\"version\":1}\x1e", SESSION_SHAKING, r);
    case DIALECT_SIGNALR_MSGPACK:
        return say(s, OPCODE_TEXT, "{\"protocol\":\"messagepack\",\"version\":1}\x1e", SESSION_SHAKING, r);
    case DIALECT_WEBPUBSUB:
    case DIALECT_RELIABLE:
        s->state = SESSION_SHAKING;
        return OPENING_WAITS;
    case DIALECT_SOCKETIO:
    case DIALECT_NATS:
        s->state = SESSION_GREETING;
        return OPENING_WAITS;
    }
    return refuse(r, "no such protocol", "", 0);
}

static enum opening read_upgrade(struct session *s, size_t got, struct refusal *r) {
    const uint8_t *end = memmem(buffer, got, "\r\n\r\n", 4);
    if (end == NULL) {
        return OPENING_WAITS;
    }
    size_t head = (size_t)(end - buffer) + 4;
    if (memcmp(buffer, "HTTP/1.1 101 ", 13) != 0 || memmem(buffer, head, ACCEPT, strlen(ACCEPT)) == NULL) {
        return refuse(r, "upgrade refused", buffer, got);
    }
    if (s->subprotocol != NULL && memmem(buffer, head, s->subprotocol, strlen(s->subprotocol)) == NULL) {
        return refuse(r, "upgraded without the subprotocol", buffer, head);
    }
    recv(s->fd, buffer, head, MSG_DONTWAIT);
    return upgraded(s, r);
}

/* The text between a name with its colon and quote, and the next quote. */
static void text_member(const uint8_t *json, size_t length, const char *name, char *value, size_t room) {
    const uint8_t *at = memmem(json, length, name, strlen(name));
    value[0] = '\0';
    if (at != NULL) {
        at += strlen(name);
        const uint8_t *end = memchr(at, '"', (size_t)(json + length - at));
        if (end != NULL && (size_t)(end - at) < room) {
            memcpy(value, at, (size_t)(end - at));
            value[end - at] = '\0';
        }
    }
}

static int begins(const uint8_t *payload, size_t length, const char *with) {
    return length >= strlen(with) && memcmp(payload, with, strlen(with)) == 0;
}

static enum opening read_greeting(struct session *s, const uint8_t *payload, size_t length, struct refusal *r) {
    if (s->dialect == DIALECT_SOCKETIO && begins(payload, length, "0{")) {
        return say(s, OPCODE_TEXT, "40", SESSION_SHAKING, r);
    }
    if (s->dialect == DIALECT_NATS && begins(payload, length, "INFO ")) {
        char hello[256];
        snprintf(hello, sizeof hello, "CONNECT {\"verbose\":false,\"pedantic\":false}\r\nSUB %s 1\r\nPING\r\n", s->subject);
        return say(s, OPCODE_BINARY, hello, SESSION_SHAKING, r);
    }
    return refuse(r, "not the server's greeting", payload, length);
}

static enum opening read_answer(struct session *s, const uint8_t *payload, size_t length, char *id, struct refusal *r) {
    switch ((enum dialect)s->dialect) {
    case DIALECT_SIGNALR_JSON:
    case DIALECT_SIGNALR_MSGPACK:
        return length == 3 && begins(payload, length, "{}\x1e") ? opened(s) : refuse(r, "hub handshake refused", payload, length);
    case DIALECT_WEBPUBSUB:
    case DIALECT_RELIABLE:
        if (memmem(payload, length, "\"event\":\"connected\"", 19) == NULL) {
            return refuse(r, "not the connected message", payload, length);
        }
        if (id != NULL) {
            text_member(payload, length, "\"connectionId\":\"", id, ID_MAX);
        }
        return opened(s);
    case DIALECT_SOCKETIO:
        return begins(payload, length, "40") ? opened(s) : refuse(r, "namespace refused", payload, length);
    case DIALECT_NATS:
        return begins(payload, length, "PONG") ? opened(s) : refuse(r, "subscription refused", payload, length);
    case DIALECT_RAW:
        break;
    }
    return refuse(r, "no such protocol", "", 0);
}

/* Peeks, so that bytes which come right behind an answer stay for the next state. */
enum opening session_step(struct session *s, char *id, struct refusal *r) {
    ssize_t got = recv(s->fd, buffer, sizeof buffer, MSG_PEEK | MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
        return OPENING_WAITS;
    }
    if (got <= 0) {
        return refuse(r, s->state == SESSION_UPGRADING ? "ended before the upgrade was answered"
                                                       : "ended before the handshake was answered", "", 0);
    }
    if (s->state == SESSION_UPGRADING) {
        return read_upgrade(s, (size_t)got, r);
    }
    const uint8_t *payload;
    size_t length;
    size_t frame = frame_whole(buffer, (size_t)got, &payload, &length);
    if (frame == 0) {
        return OPENING_WAITS;
    }
    if ((buffer[0] & 0x0F) >= OPCODE_CLOSE) {
        return refuse(r, "closed before the handshake was answered", payload, length);
    }
    recv(s->fd, buffer, frame, MSG_DONTWAIT);
    return s->state == SESSION_GREETING ? read_greeting(s, payload, length, r) : read_answer(s, payload, length, id, r);
}
