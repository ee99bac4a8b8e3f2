/* Sends requests at fixed intended times, whether or not earlier ones have been answered. */
#ifndef PUBLISHER_H
#define PUBLISHER_H

#include "http.h"
#include "latency.h"
#include "loop.h"
#include "plan.h"
#include "requests.h"
#include "tally.h"

#include <stddef.h>
#include <stdint.h>

enum {
    /* A free one is taken first; only when all wait for an answer are requests pipelined. */
    PUBLISHER_CONNECTIONS = 4,
};

/* One connection. The requests that wait for an answer are known by their intended times, oldest first. */
struct publishing {
    int fd; /* -1 while there is none */
    struct http_answer answer;
    uint64_t *waiting_us; /* a ring */
    uint32_t waiting_room;
    uint32_t waiting_from;
    uint32_t waiting;
    char *unsent; /* what the socket has not taken yet */
    size_t unsent_room;
    size_t unsent_from;
    size_t unsent_length;
};

struct publisher {
    uint16_t port;
    int nats; /* a server of NATS: says CONNECT first, and answers PING */
    struct loop *loop;
    struct tally *tally;
    struct requests requests;
    struct publishing connection[PUBLISHER_CONNECTIONS];
    uint64_t next_request;
    uint32_t next_connection;
    uint64_t asked; /* requests that are answered, since the start */
    uint64_t answered;
    uint64_t refused; /* answered with anything but 2xx, or not at all */
    /* The current window: in bursts. */
    struct plan plan;
    uint32_t burst;
    uint64_t sent_in_plan;
    struct latency lateness; /* sent after its intended time */
    struct latency answers;  /* answered after its intended time */
};

void publisher_init(struct publisher *p, uint16_t port, int nats, struct loop *loop, struct tally *tally);

/* What to publish from now on; takes the requests over. */
void publisher_requests(struct publisher *p, struct requests requests);

/* Begins a window of so many bursts; the tally has begun for as many messages. */
void publisher_begin(struct publisher *p, uint64_t begin_us, double rate, uint64_t bursts, uint32_t burst);

/* Whether all is sent and answered. */
int publisher_done(const struct publisher *p);

void publisher_end(struct publisher *p);

#endif
