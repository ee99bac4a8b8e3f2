#include "clients.h"
#include "process.h"

#include <stdio.h>
#include <string.h>

enum { TICK_US = 20000 };

static void ping(struct client *client) {
    struct session *s = &client->session;
    switch ((enum dialect)s->dialect) {
    case DIALECT_SIGNALR_JSON:
        session_send(s, OPCODE_TEXT, "{\"type\":6}\x1e", 11);
        return;
    case DIALECT_SIGNALR_MSGPACK:
        session_send(s, OPCODE_BINARY, "\x02\x91\x06", 3);
        return;
    case DIALECT_WEBPUBSUB:
    case DIALECT_RELIABLE:
        session_send(s, OPCODE_TEXT, "{\"type\":\"ping\"}", 15);
        return;
    case DIALECT_RAW:
    case DIALECT_SOCKETIO:
    case DIALECT_NATS:
        return; /* the server pings, or nobody */
    }
}

void keepalive_ack(struct client *client) {
    char ack[64];
    int length = snprintf(ack, sizeof ack, "{\"type\":\"sequenceAck\",\"sequenceId\":%u}", client->received);
    if (session_send(&client->session, OPCODE_TEXT, ack, (size_t)length)) {
        client->acknowledged = client->received;
    }
}

/* Acts on as many clients, round and round, as are due when each has its turn once in a period. */
static uint64_t rounds_due(const struct clients *c, uint64_t now, unsigned seconds) {
    return seconds == 0 ? 0 : (now - c->round_begin_us) * c->options.count / (seconds * 1000000ULL);
}

static void act(void *context, uint64_t now) {
    struct clients *c = context;
    for (uint64_t due = rounds_due(c, now, c->options.ping_seconds); c->pings < due; c->pings++) {
        struct client *client = &c->client[c->pings % c->options.count];
        if (client->session.state == SESSION_OPEN) {
            ping(client);
        }
    }
    for (uint64_t due = rounds_due(c, now, c->options.ack_seconds); c->acks < due; c->acks++) {
        struct client *client = &c->client[c->acks % c->options.count];
        if (client->session.state == SESSION_OPEN && client->session.dialect == DIALECT_RELIABLE
            && client->acknowledged < client->received) {
            keepalive_ack(client);
        }
    }
    c->next_round_us = now + TICK_US;
}

static uint64_t due(void *context) {
    const struct clients *c = context;
    return c->next_round_us;
}

void keepalive_begin(struct clients *c) {
    c->round_begin_us = now_us();
    c->next_round_us = c->round_begin_us + TICK_US;
    c->loop->background = (struct timed){.due = due, .act = act, .context = c};
}
