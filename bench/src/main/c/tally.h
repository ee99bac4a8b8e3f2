/*
 * Who got what: each message of a window by its sequence number, each receiver of it once. A lost message and a repeated one do not
 * make up for each other: every pair of client and message is kept apart.
 */
#ifndef TALLY_H
#define TALLY_H

#include "latency.h"

#include <stdint.h>

struct tally {
    uint32_t clients;
    /* The messages of the window. */
    uint32_t base; /* the sequence number of the first */
    uint32_t count;
    uint32_t each; /* deliveries that each must cause */
    struct tally_message *message;
    uint64_t *seen; /* a bit for each message, in a row for each client */
    uint32_t row;   /* words in a row */
    uint32_t messages_room;
    uint64_t seen_room;
    /* What came. */
    uint64_t delivered; /* each pair of client and message once */
    uint64_t repeated;
    uint64_t strays; /* of no message of the window, or not for this client; also those between this window and the one before */
    struct latency latency; /* from the intended time of a message to each of its deliveries */
};

struct tally_message {
    uint64_t intended_us;
    uint32_t arrived;
    uint32_t receiver; /* the one client that it is for, or TALLY_ANYBODY */
};

#define TALLY_ANYBODY UINT32_MAX

void tally_init(struct tally *t, uint32_t clients);

/* A window of so many messages. Their numbers go on from those of the window before. */
void tally_begin(struct tally *t, uint64_t count, uint32_t each);

/* Message k of the window (from 0) is about to leave, which was to be at the given time; its sequence number. */
uint32_t tally_sends(struct tally *t, uint64_t k, uint64_t intended_us, uint32_t receiver);

void tally_delivery(struct tally *t, uint32_t client, uint32_t sequence, uint64_t now_us);

/* Messages that did not reach as many clients as they had to. */
uint64_t tally_uneven(const struct tally *t);

/* Nothing that comes from now on belongs to a message of the window. */
void tally_end(struct tally *t);

#endif
