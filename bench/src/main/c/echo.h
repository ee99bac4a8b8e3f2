/* Clients that send at fixed intended times, one after the other, and get their own message back. */
#ifndef ECHO_H
#define ECHO_H

#include "clients.h"
#include "latency.h"
#include "plan.h"
#include "tally.h"

#include <stddef.h>
#include <stdint.h>

struct echo {
    struct clients *clients;
    struct tally *tally;
    const char *template; /* of a message; {n} in it is the client's number */
    size_t template_length;
    uint8_t *payload; /* the message that is being written, and its frame */
    uint8_t *frame;
    uint32_t next_client;
    struct plan plan;
    uint64_t sent; /* what a socket has taken */
    struct latency lateness;
};

/* The tally has begun for as many messages. The template stays the caller's. */
void echo_begin(struct echo *e, struct clients *clients, struct tally *tally, const char *template, size_t length, uint64_t begin_us,
                double rate, uint64_t count);

void echo_end(struct echo *e);

#endif
