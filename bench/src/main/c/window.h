/* A window: messages at fixed intended times, until the last delivery is in, and what they cost. Each function prints its answer. */
#ifndef WINDOW_H
#define WINDOW_H

#include "load.h"

#include <stdint.h>

void open_all(struct load *l);

/* Nothing but what keeps the clients alive. */
void idle(struct load *l, double seconds);

/* Bursts of requests through the publisher. */
void publish_window(struct load *l, double seconds, double rate, uint32_t burst);

/* Clients' own messages, by a template in a file of one record, which come back to them. */
void echo_window(struct load *l, double seconds, double rate, const char *file);

#endif
