#include "window.h"

#include "echo.h"
#include "measure.h"
#include "records.h"

#include <stdio.h>

void open_all(struct load *l) {
    struct measure m = measure_begin(&l->server, l->server_cpu);
    clients_open(&l->clients);
    uint64_t took = now_us() - m.begin_us;
    loop_until(&l->loop, now_us() + SETTLE_US);
    measure_end(&m);
    print_word("clients", l->clients.open);
    print_word("server_cpu", m.server_time.total_us);
    print_word("took", took);
    print_word("elapsed", m.elapsed_us);
    print_word("rss_before", m.rss_before);
    print_word("rss_after", m.rss_after);
    printf("\n");
}

void idle(struct load *l, double seconds) {
    uint64_t others = l->clients.sink.totals.others;
    struct measure m = measure_begin(&l->server, l->server_cpu);
    loop_until(&l->loop, m.begin_us + (uint64_t)(seconds * 1e6));
    measure_end(&m);
    print_word("clients", l->clients.open);
    print_word("lost_clients", l->clients.lost);
    print_word("strays", l->tally.strays);
    print_word("others", l->clients.sink.totals.others - others);
    print_measure(&m);
    printf("\n");
}

/* Deliveries that can still be expected. Lost clients get nothing more: they are missed in the result, and not waited for. */
static uint64_t reachable(const struct load *l) {
    const struct tally *t = &l->tally;
    return (uint64_t)t->count * (t->each == l->clients.options.count ? l->clients.open : t->each);
}

/* What both kinds of windows have in their answer. */
static void print_window(struct load *l, const struct measure *m, const struct totals *before, uint64_t accepted,
                         uint64_t took, const struct latency *lateness) {
    const struct tally *t = &l->tally;
    const struct totals *after = &l->clients.sink.totals;
    uint64_t expected = (uint64_t)t->count * t->each;
    uint64_t uneven = tally_uneven(t);
    int exact = t->delivered == expected && t->repeated == 0 && t->strays == 0 && uneven == 0 && l->clients.lost == 0;
    print_word("published", t->count);
    print_word("accepted", accepted);
    print_word("expected", expected);
    print_word("delivered", t->delivered);
    print_word("repeated", t->repeated);
    print_word("strays", t->strays);
    print_word("uneven", uneven);
    print_word("lost_clients", l->clients.lost);
    printf("exact=%s ", exact && accepted == t->count ? "yes" : "no");
    print_word("others", after->others - before->others);
    print_word("bytes", after->bytes - before->bytes);
    print_word("frames", after->frames - before->frames);
    print_word("reads", after->reads - before->reads);
    print_word("took", took);
    print_measure(m);
    print_latency("late", lateness);
    print_latency("latency", &t->latency);
}

/* Passes until all is sent, answered and delivered, but not longer than a server may take; how long that was, and then the settle time. */
static uint64_t pass(struct load *l, const struct measure *m, double seconds, int (*done)(const void *), const void *what) {
    uint64_t last = m->begin_us + (uint64_t)(seconds * 1e6) + l->drain_us;
    while (now_us() < last && (l->tally.delivered < reachable(l) || !done(what))) {
        loop_pass(&l->loop, last);
    }
    uint64_t took = now_us() - m->begin_us;
    loop_until(&l->loop, now_us() + SETTLE_US);
    return took;
}

static int published(const void *publisher) { return publisher_done(publisher); }

void publish_window(struct load *l, double seconds, double rate, uint32_t burst) {
    struct publisher *p = &l->publisher;
    uint64_t bursts = (uint64_t)(seconds * rate + 0.5);
    tally_begin(&l->tally, bursts * burst, p->requests.each);
    struct totals before = l->clients.sink.totals;
    uint64_t accepted = p->answered - p->refused;
    struct measure m = measure_begin(&l->server, l->server_cpu);
    publisher_begin(p, m.begin_us, rate, bursts, burst);
    uint64_t took = pass(l, &m, seconds, published, p);
    measure_end(&m);
    publisher_end(p);

    accepted = p->requests.http ? p->answered - p->refused - accepted : l->tally.count;
    print_window(l, &m, &before, accepted, took, &p->lateness);
    print_latency("answer", &p->answers);
    printf("\n");
    tally_end(&l->tally);
}

static int echoed(const void *echo) { return plan_due(&((const struct echo *)echo)->plan) == UINT64_MAX; }

void echo_window(struct load *l, double seconds, double rate, const char *file) {
    struct records template = records_read(file);
    uint64_t count = (uint64_t)(seconds * rate + 0.5);
    tally_begin(&l->tally, count, 1);
    struct totals before = l->clients.sink.totals;
    struct measure m = measure_begin(&l->server, l->server_cpu);
    static struct echo echo;
    echo_begin(&echo, &l->clients, &l->tally, template.list[0].bytes, template.list[0].length, m.begin_us, rate, count);
    uint64_t took = pass(l, &m, seconds, echoed, &echo);
    measure_end(&m);
    echo_end(&echo);

    print_window(l, &m, &before, echo.sent, took, &echo.lateness);
    printf("\n");
    tally_end(&l->tally);
    records_free(&template);
}
