/* N WebSocket clients: they connect, shake hands, count what they get, keep themselves alive and acknowledge. */
#ifndef CLIENTS_H
#define CLIENTS_H

#include "loop.h"
#include "session.h"
#include "tally.h"

#include <stdint.h>

struct client_options {
    uint32_t count;
    uint16_t port;
    const char *protocol; /* the name of a way to be a client: see clients_dialect */
    struct upgrades upgrades;
    uint32_t parallel;     /* openings under way at a time: below any listen backlog, few enough for a cold server's time limits */
    unsigned ping_seconds; /* each client sends a ping of its protocol this often; 0 for never */
    unsigned ack_seconds;
    int expect_id;
};

struct client {
    struct session session;
    uint32_t received;     /* messages to this client since it opened, which is the number of a reliable client's last one */
    uint32_t acknowledged; /* the number in its last ack */
    char *id;              /* connection id, where it is expected */
};

struct clients {
    struct client_options options;
    struct client *client;
    struct loop *loop;
    struct tally *tally;
    struct sink sink;
    uint32_t reading; /* the client whose bytes are being taken, and when they were read */
    uint64_t read_us;
    uint32_t started;
    uint32_t open;
    uint32_t lost;
    uint64_t round_begin_us; /* of pings and acks: when the first was due */
    uint64_t pings;
    uint64_t acks;
    uint64_t next_round_us;
};

/* Which of the dialects client i speaks; false where there is no such protocol. */
int clients_dialect(const char *protocol, uint32_t i, enum dialect *dialect);

void clients_init(struct clients *c, const struct client_options *options, struct loop *loop, struct tally *tally);

/* Opens them all, or stops the program. */
void clients_open(struct clients *c);

/* Sends a frame as a client; false where its socket does not take it, and the client is lost then. */
int clients_send(struct clients *c, uint32_t i, const uint8_t *frame, size_t length);

/* The connection id of a client; NULL where there is none. */
const char *clients_id(const struct clients *c, uint32_t i);

/* In keepalive.c: pings and acks, spread evenly, so that no window gets a burst of them. */
void keepalive_begin(struct clients *c);
void keepalive_ack(struct client *client);

/* A reliable client may be this far behind before it acknowledges at once, as the vendor's clients do. */
enum { ACK_BEHIND = 300 };

#endif
