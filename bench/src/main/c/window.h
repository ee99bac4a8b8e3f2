/* A window: messages at fixed intended times, until the last delivery is in, and what they cost. */
#ifndef WINDOW_H
#define WINDOW_H

#include "clients.h"
#include "loop.h"
#include "process.h"
#include "publisher.h"
#include "tally.h"

/* After the last delivery: duplicates, late answers and the server's clearing up fall into the window too. */
enum { SETTLE_US = 200000 };

struct load {
    struct loop loop;
    struct tally tally;
    struct clients clients;
    struct publisher publisher;
    struct processes server;
    int server_cpu;
};

/* Each prints its answer. */
void open_all(struct load *l);
void publish_window(struct load *l, double seconds, double rate, uint32_t burst);

#endif
