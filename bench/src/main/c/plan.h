/* Intended times: so many things, one after the other, whether or not the earlier ones are answered. */
#ifndef PLAN_H
#define PLAN_H

#include <stdint.h>

struct plan {
    uint64_t begin_us;
    double gap_us;
    uint64_t count;
    uint64_t done;
};

static inline struct plan plan_of(uint64_t begin_us, double rate, uint64_t count) {
    return (struct plan){.begin_us = begin_us, .gap_us = 1e6 / rate, .count = count};
}

/* When the next one is due; UINT64_MAX when all are done. */
static inline uint64_t plan_due(const struct plan *p) {
    return p->done == p->count ? UINT64_MAX : p->begin_us + (uint64_t)((double)p->done * p->gap_us);
}

#endif
