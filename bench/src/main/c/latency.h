/* A histogram of microseconds: 32 steps in each power of two, so an error of at most 3 %. */
#ifndef LATENCY_H
#define LATENCY_H

#include <stdint.h>

enum { LATENCY_STEPS = 32, LATENCY_BUCKETS = LATENCY_STEPS * 32 };

struct latency {
    uint64_t count;
    uint64_t max;
    uint64_t bucket[LATENCY_BUCKETS];
};

void latency_add(struct latency *l, uint64_t microseconds, uint64_t times);

/* The upper edge of the bucket that holds the given share (0 to 1) of all values; 0 when there are none. */
uint64_t latency_at(const struct latency *l, double share);

#endif
