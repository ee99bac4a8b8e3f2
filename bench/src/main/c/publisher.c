#include "publisher.h"

#include "fail.h"
#include "process.h"
#include "session.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { UNSENT_MAX = 64 << 20, WAITING_MIN = 64 };

#define NATS_HELLO "CONNECT {\"verbose\":false,\"pedantic\":false}\r\n"

static void *grown(void *memory, size_t bytes) {
    memory = realloc(memory, bytes);
    if (memory == NULL) {
        fail("no memory for the publisher");
    }
    return memory;
}

/* Sends what the socket takes, and keeps the rest for when it takes more. */
static void flush(struct publisher *p, uint32_t k) {
    struct publishing *c = &p->connection[k];
    while (c->unsent_length > 0) {
        ssize_t sent = send(c->fd, c->unsent + c->unsent_from, c->unsent_length, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && (errno == EAGAIN || errno == EINTR)) {
            loop_change(p->loop, c->fd, WATCH_PUBLISHER, k, EPOLLIN | EPOLLOUT);
            return;
        }
        if (sent < 0) {
            c->unsent_length = 0; /* the connection is gone, which reading it will tell */
            return;
        }
        c->unsent_from += (size_t)sent;
        c->unsent_length -= (size_t)sent;
    }
    c->unsent_from = 0;
}

static char *unsent(struct publishing *c, size_t more) {
    if (c->unsent_from + c->unsent_length + more > c->unsent_room) {
        if (c->unsent_length > 0) {
            memmove(c->unsent, c->unsent + c->unsent_from, c->unsent_length);
        }
        c->unsent_from = 0;
        while (c->unsent_length + more > c->unsent_room) {
            c->unsent_room = c->unsent_room == 0 ? 65536 : c->unsent_room * 2;
            if (c->unsent_room > UNSENT_MAX) {
                fail("the server takes no more requests");
            }
            c->unsent = grown(c->unsent, c->unsent_room);
        }
    }
    char *at = c->unsent + c->unsent_from + c->unsent_length;
    c->unsent_length += more;
    return at;
}

static void put(struct publishing *c, const char *bytes, size_t length) { memcpy(unsent(c, length), bytes, length); }

static void connect_publishing(struct publisher *p, uint32_t k) {
    struct publishing *c = &p->connection[k];
    c->fd = connect_from(k, p->port);
    memset(&c->answer, 0, sizeof c->answer);
    loop_add(p->loop, c->fd, WATCH_PUBLISHER, k, EPOLLIN);
    if (p->nats && !p->requests.http) {
        put(c, NATS_HELLO, strlen(NATS_HELLO));
    }
}

/* The connection that waits for the fewest answers; in turns among equals. */
static uint32_t least_waiting(struct publisher *p) {
    uint32_t best = p->next_connection++ % PUBLISHER_CONNECTIONS;
    for (uint32_t n = 1, k = best; n < PUBLISHER_CONNECTIONS; n++) {
        k = (k + 1) % PUBLISHER_CONNECTIONS;
        if (p->connection[k].waiting < p->connection[best].waiting) {
            best = k;
        }
    }
    return best;
}

static void waits(struct publishing *c, uint64_t intended_us) {
    if (c->waiting == c->waiting_room) {
        uint32_t room = c->waiting_room == 0 ? WAITING_MIN : c->waiting_room * 2;
        c->waiting_us = grown(c->waiting_us, room * sizeof *c->waiting_us);
        /* What has run over the end of the old ring comes behind it. */
        memcpy(c->waiting_us + c->waiting_room, c->waiting_us, c->waiting_from * sizeof *c->waiting_us);
        c->waiting_room = room;
    }
    c->waiting_us[(c->waiting_from + c->waiting++) % c->waiting_room] = intended_us;
}

static void send_burst(struct publisher *p, uint64_t intended_us) {
    uint32_t k = p->requests.http ? least_waiting(p) : 0; /* lines keep their order */
    struct publishing *c = &p->connection[k];
    if (c->fd < 0) {
        connect_publishing(p, k);
    }
    for (uint32_t b = 0; b < p->burst; b++) {
        const struct request *request = &p->requests.list[p->next_request++ % p->requests.count];
        uint32_t number = tally_sends(p->tally, p->sent_in_plan++, intended_us, TALLY_ANYBODY);
        char *bytes = unsent(c, request->length);
        memcpy(bytes, request->bytes, request->length);
        if (request->sequence_at != SIZE_MAX) {
            sequence_write(bytes + request->sequence_at, number);
        }
        if (p->requests.http) {
            waits(c, intended_us);
        }
    }
    flush(p, k);
    p->asked += p->requests.http ? p->burst : 0;
}

static uint64_t due(void *context) {
    const struct publisher *p = context;
    return plan_due(&p->plan);
}

static void act(void *context, uint64_t now) {
    struct publisher *p = context;
    for (uint64_t intended = plan_due(&p->plan); intended <= now; intended = plan_due(&p->plan)) {
        p->plan.done++;
        latency_add(&p->lateness, now - intended, 1);
        send_burst(p, intended);
    }
}

static void answered(struct publisher *p, struct publishing *c) {
    if (c->waiting == 0) {
        fail("an answer to no request: %s", c->answer.line);
    }
    uint64_t intended = c->waiting_us[c->waiting_from];
    uint64_t now = now_us();
    c->waiting_from = (c->waiting_from + 1) % c->waiting_room;
    c->waiting--;
    p->answered++;
    latency_add(&p->answers, now > intended ? now - intended : 0, 1);
    if ((c->answer.status < 200 || c->answer.status > 299) && p->refused++ == 0) {
        fprintf(stderr, "load: publishing refused (the first): status %u\n%s", c->answer.status, c->answer.line);
    }
}

/* A server may close a connection that it finds idle: the next request opens another. What still waited is refused. */
static void closed(struct publisher *p, struct publishing *c) {
    if (c->waiting > 0) {
        fprintf(stderr, "load: the server closed a publishing connection on which %u requests waited\n", c->waiting);
    }
    p->answered += c->waiting;
    p->refused += c->waiting;
    c->waiting = 0;
    c->unsent_length = 0;
    c->unsent_from = 0;
    close(c->fd);
    c->fd = -1;
}

static void take_answers(struct publisher *p, struct publishing *c, const char *data, size_t length) {
    for (size_t at = 0; at < length;) {
        size_t used;
        enum http_outcome outcome = http_take(&c->answer, data + at, length - at, &used);
        at += used;
        if (outcome == HTTP_BROKEN) {
            fail("%s: %.*s", http_broken(&c->answer), (int)(length < 200 ? length : 200), data);
        }
        if (outcome == HTTP_ANSWER) {
            answered(p, c);
        }
    }
}

/* Nothing answers a line but NATS, which asks whether one is still there, and tells what it refuses. */
static void take_lines(struct publisher *p, uint32_t k, const char *data, size_t length) {
    if (p->nats && memmem(data, length, "PING\r\n", 6) != NULL) {
        put(&p->connection[k], "PONG\r\n", 6);
        flush(p, k);
    }
    if (p->nats && memmem(data, length, "-ERR", 4) != NULL) {
        fail("publishing refused: %.*s", (int)length, data);
    }
}

static void ready(void *context, uint32_t k, uint32_t epoll_events) {
    struct publisher *p = context;
    struct publishing *c = &p->connection[k];
    if (c->fd < 0) {
        return;
    }
    if ((epoll_events & EPOLLOUT) != 0) {
        loop_change(p->loop, c->fd, WATCH_PUBLISHER, k, EPOLLIN);
        flush(p, k);
    }
    if ((epoll_events & ~(uint32_t)EPOLLOUT) == 0) {
        return;
    }
    char data[16384];
    ssize_t got = recv(c->fd, data, sizeof data, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
        return;
    }
    if (got <= 0) {
        closed(p, c);
    } else if (p->requests.http) {
        take_answers(p, c, data, (size_t)got);
    } else {
        take_lines(p, k, data, (size_t)got);
    }
}

void publisher_init(struct publisher *p, uint16_t port, int nats, struct loop *loop, struct tally *tally) {
    memset(p, 0, sizeof *p);
    p->port = port;
    p->nats = nats;
    p->loop = loop;
    p->tally = tally;
    for (uint32_t k = 0; k < PUBLISHER_CONNECTIONS; k++) {
        p->connection[k].fd = -1;
    }
    loop->watcher[WATCH_PUBLISHER] = (struct watcher){.ready = ready, .context = p};
}

void publisher_requests(struct publisher *p, struct requests requests) {
    for (uint32_t k = 0; k < PUBLISHER_CONNECTIONS && p->requests.http != requests.http; k++) {
        if (p->connection[k].fd >= 0) {
            closed(p, &p->connection[k]);
        }
    }
    requests_free(&p->requests);
    p->requests = requests;
    p->next_request = 0;
    /* Connected now, so that no window pays for it. */
    for (uint32_t k = 0; k < (requests.http ? PUBLISHER_CONNECTIONS : 1); k++) {
        if (p->connection[k].fd < 0) {
            connect_publishing(p, k);
            flush(p, k);
        }
    }
}

void publisher_begin(struct publisher *p, uint64_t begin_us, double rate, uint64_t bursts, uint32_t burst) {
    if (p->requests.count == 0) {
        fail("nothing to publish: requests comes before window");
    }
    p->plan = plan_of(begin_us, rate, bursts);
    p->burst = burst;
    p->sent_in_plan = 0;
    memset(&p->lateness, 0, sizeof p->lateness);
    memset(&p->answers, 0, sizeof p->answers);
    p->loop->work = (struct timed){.due = due, .act = act, .context = p};
}

int publisher_done(const struct publisher *p) {
    return plan_due(&p->plan) == UINT64_MAX && p->answered == p->asked;
}

void publisher_end(struct publisher *p) { p->loop->work = (struct timed){0}; }
