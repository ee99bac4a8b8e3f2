#include "tally.h"

#include "fail.h"
#include "sequence.h"

#include <stdlib.h>
#include <string.h>

enum { WORD_BITS = 64, SEEN_BYTES_MAX = 512 << 20 };

void tally_init(struct tally *t, uint32_t clients) {
    memset(t, 0, sizeof *t);
    t->clients = clients;
}

/* Only grows, so that a later window of the same size finds its memory mapped. */
static void *room(void *memory, uint64_t bytes) {
    memory = realloc(memory, bytes);
    if (memory == NULL) {
        fail("no memory for the tally of a window");
    }
    return memory;
}

void tally_begin(struct tally *t, uint64_t count, uint32_t each) {
    uint64_t row = (count + WORD_BITS - 1) / WORD_BITS;
    uint64_t seen = row * t->clients * sizeof *t->seen;
    if (count >= SEQUENCE_NUMBERS || seen > SEEN_BYTES_MAX) {
        fail("a window of %llu messages to %u clients is more than can be counted", (unsigned long long)count, t->clients);
    }
    if (count > t->messages_room) {
        t->message = room(t->message, count * sizeof *t->message);
        t->messages_room = (uint32_t)count;
    }
    if (seen > t->seen_room) {
        t->seen = room(t->seen, seen);
        t->seen_room = seen;
    }
    if (count > 0) {
        memset(t->message, 0, count * sizeof *t->message);
        memset(t->seen, 0, seen);
    }
    t->count = (uint32_t)count;
    t->row = (uint32_t)row;
    t->each = each;
    t->delivered = 0;
    t->repeated = 0;
    memset(&t->latency, 0, sizeof t->latency);
}

uint32_t tally_sends(struct tally *t, uint64_t k, uint64_t intended_us, uint32_t receiver) {
    t->message[k] = (struct tally_message){.intended_us = intended_us, .receiver = receiver};
    return (uint32_t)((t->base + k) % SEQUENCE_NUMBERS);
}

void tally_delivery(struct tally *t, uint32_t client, uint32_t sequence, uint64_t now_us) {
    uint32_t k = sequence == SEQUENCE_NONE ? UINT32_MAX : (sequence + SEQUENCE_NUMBERS - t->base) % SEQUENCE_NUMBERS;
    struct tally_message *message = k < t->count ? &t->message[k] : NULL;
    if (message == NULL || message->intended_us == 0
        || (message->receiver != TALLY_ANYBODY && message->receiver != client)) {
        t->strays++;
        return;
    }
    uint64_t *word = &t->seen[(uint64_t)client * t->row + k / WORD_BITS];
    uint64_t bit = 1ULL << k % WORD_BITS;
    if ((*word & bit) != 0) {
        t->repeated++;
        return;
    }
    *word |= bit;
    message->arrived++;
    t->delivered++;
    latency_add(&t->latency, now_us > message->intended_us ? now_us - message->intended_us : 0, 1);
}

uint64_t tally_uneven(const struct tally *t) {
    uint64_t uneven = 0;
    for (uint32_t k = 0; k < t->count; k++) {
        uneven += t->message[k].arrived != t->each;
    }
    return uneven;
}

void tally_end(struct tally *t) {
    t->base = (t->base + t->count) % SEQUENCE_NUMBERS;
    t->count = 0;
    t->strays = 0;
}
