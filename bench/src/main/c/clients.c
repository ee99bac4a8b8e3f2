#include "clients.h"

#include "fail.h"
#include "process.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { OPENING_SECONDS = 120, PASS_US = 100000 };

static uint8_t buffer[65536];

static const struct {
    const char *name;
    enum dialect even;
    enum dialect odd;
} protocols[] = {
    {"raw", DIALECT_RAW, DIALECT_RAW},
    {"signalr-json", DIALECT_SIGNALR_JSON, DIALECT_SIGNALR_JSON},
    {"signalr-messagepack", DIALECT_SIGNALR_MSGPACK, DIALECT_SIGNALR_MSGPACK},
    {"signalr-mixed", DIALECT_SIGNALR_JSON, DIALECT_SIGNALR_MSGPACK},
    {"webpubsub-json", DIALECT_WEBPUBSUB, DIALECT_WEBPUBSUB},
    {"webpubsub-reliable", DIALECT_RELIABLE, DIALECT_RELIABLE},
    {"socketio", DIALECT_SOCKETIO, DIALECT_SOCKETIO},
    {"nats", DIALECT_NATS, DIALECT_NATS},
};

int clients_dialect(const char *protocol, uint32_t i, enum dialect *dialect) {
    for (size_t p = 0; p < sizeof protocols / sizeof *protocols; p++) {
        if (strcmp(protocols[p].name, protocol) == 0) {
            *dialect = i % 2 == 0 ? protocols[p].even : protocols[p].odd;
            return 1;
        }
    }
    return 0;
}

const char *clients_id(const struct clients *c, uint32_t i) { return i < c->options.count ? c->client[i].id : NULL; }

static void lose(struct clients *c, uint32_t i, const char *why) {
    struct session *session = &c->client[i].session;
    const struct stream *s = &session->stream;
    if (c->lost == 0) {
        int closed = s->opcode == OPCODE_CLOSE && s->control_have >= 2;
        fprintf(stderr, "load: client %u lost (the first): %s, close code %d %.*s\n", i, why,
                closed ? s->control[0] << 8 | s->control[1] : 0, closed ? s->control_have - 2 : 0,
                (const char *)s->control + 2);
    }
    close(session->fd);
    session->state = SESSION_NONE;
    c->open--;
    c->lost++;
}

int clients_send(struct clients *c, uint32_t i, const uint8_t *frame, size_t length) {
    if (send(c->client[i].session.fd, frame, length, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)length) {
        return 1;
    }
    lose(c, i, "takes no more messages");
    return 0;
}

static void delivered(void *context, uint32_t sequence) {
    struct clients *c = context;
    c->client[c->reading].received++;
    tally_delivery(c->tally, c->reading, sequence, c->read_us);
}

/* Pings of the protocol that came with the last read. */
static void answer_pings(struct session *s) {
    for (; s->stream.messages.asked > 0; s->stream.messages.asked--) {
        if (s->dialect == DIALECT_NATS) {
            session_send(s, OPCODE_BINARY, "PONG\r\n", 6);
        } else {
            session_send(s, OPCODE_TEXT, "3", 1);
        }
    }
}

static void read_messages(struct clients *c, uint32_t i) {
    struct client *client = &c->client[i];
    struct session *session = &client->session;
    ssize_t got = recv(session->fd, buffer, sizeof buffer, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
        return;
    }
    if (got <= 0) {
        lose(c, i, got == 0 ? "connection ended" : strerror(errno));
        return;
    }
    c->reading = i;
    c->read_us = now_us();
    c->sink.totals.reads++;
    c->sink.totals.bytes += (uint64_t)got;
    for (size_t at = 0; at < (size_t)got;) {
        size_t used;
        enum outcome outcome = stream_take(&session->stream, session->dialect, buffer + at, (size_t)got - at, &used, &c->sink);
        at += used;
        if (outcome == STREAM_PING) {
            session_send(session, OPCODE_PONG, session->stream.control, session->stream.control_have);
        } else if (outcome != STREAM_OK || session->stream.messages.refused) {
            lose(c, i, outcome == STREAM_CLOSED ? "closed by the server"
                       : outcome == STREAM_OK   ? "refused by the server"
                                                : "not a server's frame");
            return;
        }
    }
    if (session->stream.messages.asked > 0) {
        answer_pings(session);
    }
    if (session->dialect == DIALECT_RELIABLE && client->received - client->acknowledged >= ACK_BEHIND) {
        keepalive_ack(client);
    }
}

static void read_opening(struct clients *c, uint32_t i) {
    struct refusal refusal;
    char id[ID_MAX] = "";
    switch (session_step(&c->client[i].session, c->options.expect_id ? id : NULL, &refusal)) {
    case OPENING_WAITS:
        return;
    case OPENING_FAILED:
        fail("client %u: %s: %s", i, refusal.what, refusal.text);
    case OPENING_DONE:
        if (c->options.expect_id) {
            if (id[0] == '\0' || (c->client[i].id = strdup(id)) == NULL) {
                fail("client %u was not told a connection id", i);
            }
        }
        c->open++;
    }
}

static void ready(void *context, uint32_t i, uint32_t epoll_events) {
    (void)epoll_events;
    struct clients *c = context;
    switch ((enum session_state)c->client[i].session.state) {
    case SESSION_OPEN:
        read_messages(c, i);
        return;
    case SESSION_UPGRADING:
    case SESSION_GREETING:
    case SESSION_SHAKING:
        read_opening(c, i);
        return;
    case SESSION_NONE:
    case SESSION_CLOSING:
        return;
    }
}

void clients_init(struct clients *c, const struct client_options *options, struct loop *loop, struct tally *tally) {
    memset(c, 0, sizeof *c);
    c->options = *options;
    c->client = zeroed(options->count, sizeof *c->client);
    c->loop = loop;
    c->tally = tally;
    c->sink = (struct sink){.delivered = delivered, .context = c};
    loop->watcher[WATCH_CLIENTS] = (struct watcher){.ready = ready, .context = c};
}

void clients_open(struct clients *c) {
    uint64_t limit = now_us() + OPENING_SECONDS * 1000000ULL;
    while (c->open < c->options.count) {
        while (c->started < c->options.count && c->started - c->open < c->options.parallel) {
            uint32_t i = c->started++;
            struct session *session = &c->client[i].session;
            enum dialect dialect;
            if (!clients_dialect(c->options.protocol, i, &dialect)) {
                fail("no such protocol: %s", c->options.protocol);
            }
            session_start(session, c->options.port, &c->options.upgrades.list[i % c->options.upgrades.count], dialect, i);
            loop_add(c->loop, session->fd, WATCH_CLIENTS, i, EPOLLIN);
        }
        loop_pass(c->loop, now_us() + PASS_US);
        if (c->lost > 0) {
            fail("clients were lost while others connected");
        }
        if (now_us() > limit) {
            fail("only %u of %u clients are open after %d s", c->open, c->options.count, OPENING_SECONDS);
        }
    }
    keepalive_begin(c);
}
