/* All that one process of the load side has. */
#ifndef LOAD_H
#define LOAD_H

#include "clients.h"
#include "loop.h"
#include "process.h"
#include "publisher.h"
#include "tally.h"

/* After the last delivery: duplicates, late answers and the server's clearing up fall into what is measured too. */
enum { SETTLE_US = 200000 };

struct load {
    struct loop loop;
    struct tally tally;
    struct clients clients;
    struct publisher publisher;
    struct processes server;
    int server_cpu;
    uint64_t drain_us; /* how long a server that has fallen behind may take for the rest; what is missing then is lost */
};

#endif
