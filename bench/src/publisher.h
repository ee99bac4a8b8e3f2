/* Posts broadcasts over HTTP at a fixed rate, whether or not earlier ones have been answered. */
#ifndef PUBLISHER_H
#define PUBLISHER_H

#include "latency.h"

#include <stddef.h>
#include <stdint.h>

enum {
    /* A free one is taken first; only when all wait for an answer are requests pipelined. */
    PUBLISHER_CONNECTIONS = 4,
    /* Intended times kept, for the latency of deliveries that are still under way. */
    PUBLISHER_RING = 1 << 15,
};

struct publisher_options {
    uint16_t port;
    const char *path;
    const char *token; /* bearer token, or NULL for none */
    const char *body;  /* must hold BODY_SEQUENCE, which is overwritten so that no two messages are alike */
};

#define BODY_SEQUENCE "00000000"

struct answer {
    char head[4096];
    size_t head_have;
    uint64_t body_left;
    uint32_t waiting; /* requests without an answer */
};

struct publisher {
    struct publisher_options options;
    char request[16384];
    size_t request_length;
    char *sequence; /* into request */
    int fd[PUBLISHER_CONNECTIONS];
    struct answer answer[PUBLISHER_CONNECTIONS];
    uint64_t sent; /* since the start */
    uint64_t answered;
    uint64_t refused; /* answered with anything but 2xx */
    uint64_t intended[PUBLISHER_RING];
    /* The plan of the current window. */
    uint64_t begin_us;
    uint64_t planned;
    uint64_t done;
    double gap_us;
    struct latency lateness; /* sent after its intended time */
};

/* Epoll events carry first_event and the numbers after it. */
void publisher_init(struct publisher *p, const struct publisher_options *options, int epoll, uint32_t first_event);

/* Plans a window that begins at the given time. */
void publisher_plan(struct publisher *p, uint64_t begin_us, double rate, uint64_t messages);

/* When the next message is due; UINT64_MAX when the plan is done. */
uint64_t publisher_due(const struct publisher *p);

/* Sends what is due. */
void publisher_send(struct publisher *p, uint64_t now);

/* Reads answers on connection k. */
void publisher_read(struct publisher *p, unsigned k);

#endif
