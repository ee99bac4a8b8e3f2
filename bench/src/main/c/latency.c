#include "latency.h"

static unsigned bucket_of(uint64_t value) {
    if (value < LATENCY_STEPS) {
        return (unsigned)value;
    }
    unsigned power = 63U - (unsigned)__builtin_clzll(value);
    unsigned step = (unsigned)(value >> (power - 5)) - LATENCY_STEPS;
    unsigned bucket = (power - 4) * LATENCY_STEPS + step;
    return bucket < LATENCY_BUCKETS ? bucket : LATENCY_BUCKETS - 1;
}

static uint64_t upper_edge(unsigned bucket) {
    if (bucket < LATENCY_STEPS) {
        return bucket;
    }
    unsigned power = bucket / LATENCY_STEPS + 4;
    uint64_t step = bucket % LATENCY_STEPS;
    return ((LATENCY_STEPS + step + 1) << (power - 5)) - 1;
}

void latency_add(struct latency *l, uint64_t microseconds, uint64_t times) {
    l->count += times;
    l->bucket[bucket_of(microseconds)] += times;
    if (microseconds > l->max) {
        l->max = microseconds;
    }
}

uint64_t latency_at(const struct latency *l, double share) {
    uint64_t wanted = (uint64_t)(share * (double)l->count);
    uint64_t seen = 0;
    for (unsigned i = 0; i < LATENCY_BUCKETS; i++) {
        seen += l->bucket[i];
        if (seen > wanted) {
            uint64_t edge = upper_edge(i);
            return edge < l->max ? edge : l->max;
        }
    }
    return l->max;
}
