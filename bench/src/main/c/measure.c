#include "measure.h"

#include "fail.h"

#include <stdio.h>

struct measure measure_begin(const struct processes *server, int server_cpu) {
    struct measure m = {.server = server, .server_cpu = server_cpu};
    m.rss_before = processes_rss(server);
    m.own_us = own_cpu_us();
    m.idle_us = cpu_idle_us(server_cpu);
    if (!processes_cpu(server, &m.server_time)) {
        fail("the server has gone");
    }
    m.begin_us = now_us();
    return m;
}

void measure_end(struct measure *m) {
    struct cpu_time before = m->server_time;
    if (!processes_cpu(m->server, &m->server_time)) {
        fail("the server has gone");
    }
    m->elapsed_us = now_us() - m->begin_us;
    m->server_time.total_us -= before.total_us;
    m->server_time.user_us -= before.user_us;
    m->server_time.system_us -= before.system_us;
    uint64_t idle = cpu_idle_us(m->server_cpu) - m->idle_us;
    m->busy_us = m->elapsed_us > idle ? m->elapsed_us - idle : 0;
    m->own_us = own_cpu_us() - m->own_us;
    m->rss_after = processes_rss(m->server);
}

void print_word(const char *key, uint64_t value) { printf("%s=%llu ", key, (unsigned long long)value); }

void print_measure(const struct measure *m) {
    print_word("cpu", m->server_time.total_us);
    print_word("user", m->server_time.user_us);
    print_word("system", m->server_time.system_us);
    print_word("elapsed", m->elapsed_us);
    print_word("cpu_busy", m->busy_us);
    print_word("load_cpu", m->own_us);
    print_word("rss", m->rss_after);
}

void print_latency(const char *key, const struct latency *l) {
    static const struct {
        const char *name;
        double share;
    } shares[] = {{"p50", 0.5}, {"p99", 0.99}, {"p999", 0.999}};
    for (unsigned i = 0; i < sizeof shares / sizeof *shares; i++) {
        printf("%s_%s=%llu ", key, shares[i].name, (unsigned long long)latency_at(l, shares[i].share));
    }
    printf("%s_max=%llu ", key, (unsigned long long)l->max);
}
