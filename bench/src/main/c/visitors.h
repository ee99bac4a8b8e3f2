/* Clients that come, are let in, and go: a storm of them, so many at a time, or at fixed intended times. */
#ifndef VISITORS_H
#define VISITORS_H

#include "load.h"

#include <stdint.h>

enum visit_mode {
    VISIT_UPGRADE,   /* each line of the file is an upgrade */
    VISIT_NEGOTIATE, /* each is the path and token of a POST negotiate, which tells the upgrade */
};

/* Both print their answer. A storm's latency counts from each visitor's begin, churn's from the time it was to begin. */
void storm(struct load *l, uint64_t count, uint32_t parallel, enum visit_mode mode, const char *file);
void churn(struct load *l, double seconds, double rate, enum visit_mode mode, const char *file);

#endif
