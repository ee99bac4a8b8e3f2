/* What a command costs the server, from its begin to its end, and what ran beside it. Prints key=value words. */
#ifndef MEASURE_H
#define MEASURE_H

#include "latency.h"
#include "process.h"

#include <stdint.h>

struct measure {
    const struct processes *server;
    int server_cpu;
    uint64_t begin_us;
    uint64_t elapsed_us;
    struct cpu_time server_time; /* at the begin, then the difference */
    uint64_t own_us;
    uint64_t idle_us; /* of its CPU, at the begin */
    uint64_t busy_us;
    uint64_t rss_before;
    uint64_t rss_after;
};

struct measure measure_begin(const struct processes *server, int server_cpu);

/* Stops the program where the server has gone. */
void measure_end(struct measure *m);

void print_word(const char *key, uint64_t value);

/* cpu user system elapsed cpu_busy load_cpu rss */
void print_measure(const struct measure *m);

/* key_p50 key_p99 key_p999 key_max */
void print_latency(const char *key, const struct latency *l);

#endif
