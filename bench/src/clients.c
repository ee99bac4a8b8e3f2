#include "clients.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

/* Handshakes under way at a time: below any listen backlog, and few enough that a cold server meets its own time limits. */
enum { HANDSHAKES_MAX = 64 };

/* The example of RFC 6455 section 1.3: one key for all, so the answer is known beforehand. */
#define KEY "dGhlIHNhbXBsZSBub25jZQ=="
#define ACCEPT "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

static uint8_t buffer[65536];

static void die(const char *what, const void *bytes, size_t length) {
    fprintf(stderr, "receiver: %s: %.*s\n", what, (int)length, (const char *)bytes);
    exit(1);
}

static void die_errno(const char *what) {
    fprintf(stderr, "receiver: %s: %s\n", what, strerror(errno));
    exit(1);
}

void clients_init(struct clients *c, const struct client_options *options, int epoll) {
    memset(c, 0, sizeof *c);
    c->options = *options;
    c->epoll = epoll;
    c->client = calloc(options->count, sizeof *c->client);
    if (c->client == NULL) {
        die_errno("memory");
    }
}

/* A client's frame of at most 125 bytes. Its mask is all zeroes, which is legal and leaves the payload as it is. */
static void send_frame(struct clients *c, uint32_t i, uint8_t first, const void *payload, uint8_t length) {
    uint8_t frame[6 + CONTROL_MAX] = {first, (uint8_t)(0x80 | length)};
    memcpy(frame + 6, payload, length);
    if (send(c->client[i].fd, frame, 6U + length, MSG_NOSIGNAL | MSG_DONTWAIT) != 6 + length) {
        fprintf(stderr, "receiver: client %u could not send: %s\n", i, strerror(errno));
    }
}

static void start(struct clients *c, uint32_t i) {
    struct client *client = &c->client[i];
    client->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (client->fd < 0) {
        die_errno("socket");
    }
    int on = 1;
    setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    /* Nine source addresses, as one has 28 thousand ports at most and closed ones rest for a minute. */
    setsockopt(client->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK + i % 9)};
    struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(c->options.port)};
    if (bind(client->fd, (struct sockaddr *)&from, sizeof from) != 0
        || connect(client->fd, (struct sockaddr *)&to, sizeof to) != 0) {
        die_errno("connect");
    }
    char request[8192];
    int length = snprintf(request, sizeof request,
                          "GET %s HTTP/1.1\r\nHost: localhost:%u\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                          "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " KEY "\r\n%s%s%s\r\n",
                          c->options.path, c->options.port, c->options.token == NULL ? "" : "Authorization: Bearer ",
                          c->options.token == NULL ? "" : c->options.token, c->options.token == NULL ? "" : "\r\n");
    if (length >= (int)sizeof request || send(client->fd, request, (size_t)length, MSG_NOSIGNAL) != length) {
        die_errno("upgrade request");
    }
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = i};
    if (epoll_ctl(c->epoll, EPOLL_CTL_ADD, client->fd, &event) != 0) {
        die_errno("epoll");
    }
    client->state = CLIENT_UPGRADING;
}

void clients_connect(struct clients *c) {
    while (c->started < c->options.count && c->started - c->open - c->lost < HANDSHAKES_MAX) {
        start(c, c->started++);
    }
}

static void opened(struct clients *c, uint32_t i) {
    c->client[i].state = CLIENT_OPEN;
    c->open++;
}

/* Peeks, so that bytes which come right behind the answer stay for the next state. */
static void read_upgrade(struct clients *c, uint32_t i) {
    ssize_t got = recv(c->client[i].fd, buffer, sizeof buffer, MSG_PEEK | MSG_DONTWAIT);
    if (got <= 0) {
        die("closed before the upgrade was answered", "", 0);
    }
    const uint8_t *end = memmem(buffer, (size_t)got, "\r\n\r\n", 4);
    if (end == NULL) {
        return;
    }
    size_t head = (size_t)(end - buffer) + 4;
    if (memcmp(buffer, "HTTP/1.1 101 ", 13) != 0 || memmem(buffer, head, ACCEPT, strlen(ACCEPT)) == NULL) {
        die("upgrade refused", buffer, (size_t)got);
    }
    recv(c->client[i].fd, buffer, head, MSG_DONTWAIT);
    if (c->options.protocol == PROTOCOL_RAW) {
        opened(c, i);
        return;
    }
    /* The hub handshake is JSON in either protocol. */
    const char *hello = c->options.protocol == PROTOCOL_JSON ? "{\"protocol\":\"json\",\"version\":1}\x1e"
                                                             : "{\"protocol\":\"messagepack\",\"version\":1}\x1e";
    send_frame(c, i, 0x81, hello, (uint8_t)strlen(hello));
    c->client[i].state = CLIENT_SHAKING;
}

static void read_handshake(struct clients *c, uint32_t i) {
    ssize_t got = recv(c->client[i].fd, buffer, sizeof buffer, MSG_PEEK | MSG_DONTWAIT);
    if (got <= 0) {
        die("closed before the handshake was answered", "", 0);
    }
    if (got < 5) {
        return;
    }
    /* {} and the separator, in a text or a binary frame */
    if ((buffer[0] != 0x81 && buffer[0] != 0x82) || memcmp(buffer + 1, "\x03{}\x1e", 4) != 0) {
        die("handshake refused", buffer, (size_t)got);
    }
    recv(c->client[i].fd, buffer, 5, MSG_DONTWAIT);
    opened(c, i);
}

static void lose(struct clients *c, uint32_t i, const char *why) {
    const struct stream *s = &c->client[i].stream;
    if (c->lost == 0) {
        int code = s->opcode == 8 && s->control_have >= 2 ? s->control[0] << 8 | s->control[1] : 0;
        int reason = s->opcode == 8 && s->control_have > 2 ? s->control_have - 2 : 0;
        fprintf(stderr, "receiver: client %u lost (the first): %s, close code %d %.*s\n", i, why, code, reason,
                (const char *)s->control + 2);
    }
    close(c->client[i].fd);
    c->client[i].state = CLIENT_LOST;
    c->open--;
    c->lost++;
}

static uint64_t read_messages(struct clients *c, uint32_t i) {
    struct client *client = &c->client[i];
    ssize_t got = recv(client->fd, buffer, sizeof buffer, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
        return 0;
    }
    if (got <= 0) {
        lose(c, i, got == 0 ? "connection ended" : strerror(errno));
        return 0;
    }
    c->totals.reads++;
    c->totals.bytes += (uint64_t)got;
    uint64_t before = c->totals.deliveries;
    for (size_t at = 0; at < (size_t)got;) {
        size_t used;
        enum outcome outcome =
            stream_take(&client->stream, c->options.protocol, buffer + at, (size_t)got - at, &used, &c->totals);
        at += used;
        if (outcome == STREAM_PING) {
            send_frame(c, i, 0x8A, client->stream.control, client->stream.control_have);
        } else if (outcome != STREAM_OK) {
            lose(c, i, outcome == STREAM_CLOSED ? "closed by the server" : "not a server's frame");
            break;
        }
    }
    return c->totals.deliveries - before;
}

uint64_t clients_read(struct clients *c, uint32_t i) {
    switch (c->client[i].state) {
    case CLIENT_UPGRADING:
        read_upgrade(c, i);
        return 0;
    case CLIENT_SHAKING:
        read_handshake(c, i);
        return 0;
    case CLIENT_OPEN:
        return read_messages(c, i);
    case CLIENT_NEW:
    case CLIENT_LOST:
        return 0;
    }
    return 0;
}

void clients_ping(struct clients *c, uint64_t now) {
    if (c->options.ping_seconds == 0 || c->options.protocol == PROTOCOL_RAW) {
        return;
    }
    if (c->pings_from_us == 0) {
        c->pings_from_us = now;
    }
    uint64_t due = (now - c->pings_from_us) * c->options.count / (c->options.ping_seconds * 1000000ULL);
    for (; c->pings_sent < due; c->pings_sent++) {
        uint32_t i = (uint32_t)(c->pings_sent % c->options.count);
        if (c->client[i].state != CLIENT_OPEN) {
            continue;
        }
        if (c->options.protocol == PROTOCOL_JSON) {
            send_frame(c, i, 0x81, "{\"type\":6}\x1e", 11);
        } else {
            send_frame(c, i, 0x82, "\x02\x91\x06", 3);
        }
    }
}
