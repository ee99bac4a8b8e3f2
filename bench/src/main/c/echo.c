#include "echo.h"

#include "fail.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAYLOAD_MAX = 65535, DIGITS_MAX = 10 };

#define NUMBER "{n}"

/* The template with the client's number in it. */
static size_t fill(const struct echo *e, uint32_t client) {
    const char *from = e->template;
    const char *end = e->template + e->template_length;
    size_t at = 0;
    for (;;) {
        const char *number = memmem(from, (size_t)(end - from), NUMBER, strlen(NUMBER));
        size_t part = (size_t)((number == NULL ? end : number) - from);
        if (at + part + DIGITS_MAX > PAYLOAD_MAX) {
            fail("a client's message is longer than %d bytes", PAYLOAD_MAX);
        }
        memcpy(e->payload + at, from, part);
        at += part;
        if (number == NULL) {
            return at;
        }
        at += (size_t)sprintf((char *)e->payload + at, "%u", client);
        from = number + strlen(NUMBER);
    }
}

/* The next client in turn that is open; there is one. */
static uint32_t next_open(struct echo *e) {
    uint32_t count = e->clients->options.count;
    while (e->clients->client[e->next_client % count].session.state != SESSION_OPEN) {
        e->next_client++;
    }
    return e->next_client++ % count;
}

static void send_message(struct echo *e, uint64_t intended_us) {
    if (e->clients->open == 0) {
        return;
    }
    uint32_t i = next_open(e);
    size_t length = fill(e, i);
    size_t place = sequence_place((const char *)e->payload, length);
    if (place == SIZE_MAX) {
        fail("a client's message has no place (%s) for its number", SEQUENCE_PLACE);
    }
    uint32_t number = tally_sends(e->tally, e->plan.done - 1, intended_us, i);
    sequence_write((char *)e->payload + place, number);
    uint8_t opcode = e->clients->client[i].session.dialect == DIALECT_SIGNALR_MSGPACK ? OPCODE_BINARY : OPCODE_TEXT;
    /* Another mask for each, never zero: unmasking is work that a server has with every real client. */
    size_t size = frame_write(e->frame, opcode, e->payload, length, (number + 1) * 0x9E3779B1U | 1);
    e->sent += (uint64_t)clients_send(e->clients, i, e->frame, size);
}

static uint64_t due(void *context) {
    const struct echo *e = context;
    return plan_due(&e->plan);
}

static void act(void *context, uint64_t now) {
    struct echo *e = context;
    for (uint64_t intended = plan_due(&e->plan); intended <= now; intended = plan_due(&e->plan)) {
        e->plan.done++;
        latency_add(&e->lateness, now - intended, 1);
        send_message(e, intended);
    }
}

void echo_begin(struct echo *e, struct clients *clients, struct tally *tally, const char *template, size_t length, uint64_t begin_us,
                double rate, uint64_t count) {
    memset(e, 0, sizeof *e);
    e->clients = clients;
    e->tally = tally;
    e->template = template;
    e->template_length = length;
    e->payload = zeroed(PAYLOAD_MAX, 1);
    e->frame = zeroed(PAYLOAD_MAX + FRAME_HEADER_MAX, 1);
    e->plan = plan_of(begin_us, rate, count);
    clients->loop->work = (struct timed){.due = due, .act = act, .context = e};
}

void echo_end(struct echo *e) {
    e->clients->loop->work = (struct timed){0};
    free(e->payload);
    free(e->frame);
}
