#include "visitors.h"

#include "fail.h"
#include "http.h"
#include "measure.h"
#include "negotiation.h"
#include "plan.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    /* Visitors at a time in churn; when all are on their way, the next ones are late. */
    CHURN_PLACES = 1024,
    STORM_US = 120000000,
    BODY_ROOM = 8192,
};

/* A place for one visitor after the other. */
struct place {
    struct session session;
    uint64_t begin_us; /* from when its latency counts */
    const struct upgrade *line;
    int negotiating; /* a keep-alive connection for POST negotiate, which all visitors of the place share; -1 for none */
    struct http_answer answer;
    char body[BODY_ROOM + 1];
};

struct visitors {
    struct load *load;
    enum visit_mode mode;
    struct upgrades lines;
    struct place *place;
    uint32_t *free; /* numbers of places, the one left last on top: few of them are used at a moderate rate */
    uint32_t free_count;
    uint32_t places;
    int paced;
    struct plan plan;
    uint64_t done;
    uint64_t failed;
    struct sink ignored; /* what servers send to visitors */
    struct latency latency;
    struct latency lateness;
};

static void leaves(struct visitors *v, uint32_t k) {
    struct session *session = &v->place[k].session;
    if (session->state != SESSION_NONE) {
        close(session->fd);
        session->state = SESSION_NONE;
    }
    v->free[v->free_count++] = k;
}

static void fails(struct visitors *v, uint32_t k, const char *what, const char *text) {
    if (v->failed++ == 0) {
        fprintf(stderr, "load: a visitor failed (the first): %s: %s\n", what, text);
    }
    leaves(v, k);
}

static void upgrades(struct visitors *v, uint32_t k, const struct upgrade *upgrade) {
    struct session *session = &v->place[k].session;
    enum dialect dialect = DIALECT_SIGNALR_JSON;
    if (v->mode == VISIT_UPGRADE) {
        clients_dialect(v->load->clients.options.protocol, k, &dialect);
    }
    session_start(session, v->load->clients.options.port, upgrade, dialect, k);
    loop_add(&v->load->loop, session->fd, WATCH_VISITORS, k, EPOLLIN);
}

static void negotiates(struct visitors *v, uint32_t k) {
    struct place *place = &v->place[k];
    char request[NEGOTIATION_MAX];
    size_t length = negotiation_request(request, sizeof request, place->line, v->load->clients.options.port);
    if (place->negotiating < 0) {
        place->negotiating = connect_from(k, v->load->clients.options.port);
        memset(&place->answer, 0, sizeof place->answer);
        place->answer.body = place->body;
        place->answer.body_room = BODY_ROOM;
        loop_add(&v->load->loop, place->negotiating, WATCH_NEGOTIATORS, k, EPOLLIN);
    }
    if (send(place->negotiating, request, length, MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t)length) {
        close(place->negotiating);
        place->negotiating = -1;
        fails(v, k, "could not negotiate", strerror(errno));
    }
}

static void comes(struct visitors *v, uint64_t begin_us) {
    uint32_t k = v->free[--v->free_count];
    struct place *place = &v->place[k];
    place->begin_us = begin_us;
    place->line = &v->lines.list[(v->plan.done - 1) % v->lines.count];
    if (v->mode == VISIT_NEGOTIATE) {
        negotiates(v, k);
    } else {
        upgrades(v, k, place->line);
    }
}

static void negotiated(struct visitors *v, uint32_t k) {
    struct place *place = &v->place[k];
    struct upgrade upgrade;
    char text[NEGOTIATION_MAX];
    place->body[place->answer.body_length] = '\0';
    if (place->answer.status != 200 || !negotiation_answer(place->body, place->line, &upgrade, text)) {
        fails(v, k, place->answer.status == 200 ? "negotiate tells no upgrade" : "negotiate refused", place->body);
        return;
    }
    upgrades(v, k, &upgrade);
}

static void negotiator_ready(void *context, uint32_t k, uint32_t epoll_events) {
    (void)epoll_events;
    struct visitors *v = context;
    struct place *place = &v->place[k];
    char data[BODY_ROOM];
    ssize_t got = recv(place->negotiating, data, sizeof data, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
        return;
    }
    int waits = place->line != NULL && place->session.state == SESSION_NONE;
    if (got <= 0) {
        close(place->negotiating);
        place->negotiating = -1;
        if (waits) {
            fails(v, k, "negotiating", "the server closed the connection");
        }
        return;
    }
    size_t used;
    enum http_outcome outcome = http_take(&place->answer, data, (size_t)got, &used);
    if (outcome == HTTP_BROKEN || (outcome == HTTP_ANSWER && used < (size_t)got)) {
        fail("negotiate: %s", outcome == HTTP_BROKEN ? http_broken(&place->answer) : "more than one answer");
    }
    if (outcome == HTTP_ANSWER && waits) {
        negotiated(v, k);
    }
}

static void goes(struct visitors *v, uint32_t k) {
    struct place *place = &v->place[k];
    uint64_t now = now_us();
    latency_add(&v->latency, now > place->begin_us ? now - place->begin_us : 0, 1);
    if (session_send(&place->session, OPCODE_CLOSE, "\x03\xe8", 2)) {
        place->session.state = SESSION_CLOSING;
    } else {
        fails(v, k, "could not close", strerror(errno));
    }
}

/* Until the server has closed too: its close frame is answered with the end of this side, its own end is the end. */
static void read_closing(struct visitors *v, uint32_t k) {
    struct session *session = &v->place[k].session;
    uint8_t data[4096];
    ssize_t got = recv(session->fd, data, sizeof data, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
        return;
    }
    if (got <= 0) {
        v->done++;
        leaves(v, k);
        return;
    }
    for (size_t at = 0; at < (size_t)got;) {
        size_t used;
        enum outcome outcome = stream_take(&session->stream, session->dialect, data + at, (size_t)got - at, &used, &v->ignored);
        at += used;
        if (outcome == STREAM_CLOSED) {
            shutdown(session->fd, SHUT_WR);
            return;
        }
        if (outcome == STREAM_BROKEN) {
            fails(v, k, "closing", "not a server's frame");
            return;
        }
    }
}

static void visitor_ready(void *context, uint32_t k, uint32_t epoll_events) {
    (void)epoll_events;
    struct visitors *v = context;
    struct session *session = &v->place[k].session;
    struct refusal refusal;
    switch ((enum session_state)session->state) {
    case SESSION_NONE:
    case SESSION_OPEN:
        return;
    case SESSION_CLOSING:
        read_closing(v, k);
        return;
    case SESSION_UPGRADING:
    case SESSION_GREETING:
    case SESSION_SHAKING:
        break;
    }
    switch (session_step(session, NULL, &refusal)) {
    case OPENING_WAITS:
        return;
    case OPENING_DONE:
        goes(v, k);
        return;
    case OPENING_FAILED:
        fails(v, k, refusal.what, refusal.text);
        return;
    }
}

static uint64_t due(void *context) {
    const struct visitors *v = context;
    return v->free_count == 0 ? UINT64_MAX : plan_due(&v->plan);
}

static void act(void *context, uint64_t now) {
    struct visitors *v = context;
    for (uint64_t intended = due(v); intended <= now; intended = due(v)) {
        v->plan.done++;
        latency_add(&v->lateness, v->paced ? now - intended : 0, 1);
        comes(v, v->paced ? intended : now_us());
    }
}

static void ignore(void *context, uint32_t sequence) {
    (void)context;
    (void)sequence;
}

static struct visitors visitors_of(struct load *l, uint32_t places, enum visit_mode mode, const char *file) {
    struct visitors v = {.load = l, .mode = mode, .lines = upgrades_read(file), .places = places, .ignored = {.delivered = ignore}};
    v.place = zeroed(places, sizeof *v.place);
    v.free = zeroed(places, sizeof *v.free);
    for (uint32_t k = places; k-- > 0;) {
        v.place[k].negotiating = -1;
        v.free[v.free_count++] = k;
    }
    return v;
}

static void visits(struct visitors *v, double rate, uint64_t count, uint64_t limit_us) {
    struct load *l = v->load;
    struct measure m = measure_begin(&l->server, l->server_cpu);
    v->plan = plan_of(m.begin_us, rate, count);
    l->loop.work = (struct timed){.due = due, .act = act, .context = v};
    l->loop.watcher[WATCH_VISITORS] = (struct watcher){.ready = visitor_ready, .context = v};
    l->loop.watcher[WATCH_NEGOTIATORS] = (struct watcher){.ready = negotiator_ready, .context = v};
    while (v->done + v->failed < count && now_us() < m.begin_us + limit_us) {
        loop_pass(&l->loop, m.begin_us + limit_us);
    }
    uint64_t took = now_us() - m.begin_us;
    l->loop.work = (struct timed){0};
    loop_until(&l->loop, now_us() + SETTLE_US);
    measure_end(&m);

    print_word("wanted", count);
    print_word("done", v->done);
    print_word("failed", v->failed);
    print_word("took", took);
    print_measure(&m);
    print_word("rss_before", m.rss_before);
    print_latency("late", &v->lateness);
    print_latency("latency", &v->latency);
    printf("\n");

    for (uint32_t k = 0; k < v->places; k++) {
        if (v->place[k].session.state != SESSION_NONE) {
            close(v->place[k].session.fd);
        }
        if (v->place[k].negotiating >= 0) {
            close(v->place[k].negotiating);
        }
    }
    free(v->place);
    free(v->free);
    upgrades_free(&v->lines);
}

void storm(struct load *l, uint64_t count, uint32_t parallel, enum visit_mode mode, const char *file) {
    struct visitors v = visitors_of(l, parallel, mode, file);
    visits(&v, 1e12, count, STORM_US); /* all due at once: it is the places that hold them back */
}

void churn(struct load *l, double seconds, double rate, enum visit_mode mode, const char *file) {
    struct visitors v = visitors_of(l, CHURN_PLACES, mode, file);
    v.paced = 1;
    visits(&v, rate, (uint64_t)(seconds * rate + 0.5), (uint64_t)(seconds * 1e6) + l->drain_us);
}
