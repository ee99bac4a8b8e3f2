/*
 * The load side: opens N clients on a server, publishes to it and counts what arrives. One thread, so that the clock of the publisher
 * and of the clients is the same, and little of it, as it shares the machine with the server.
 *
 * Prints an "open" line once all clients are in; then each line "window SECONDS RATE" on standard input makes it publish for so long,
 * wait for the last delivery and print a "window" line. Ends at end of input. All times are in microseconds.
 */
#include "clients.h"
#include "latency.h"
#include "process.h"
#include "publisher.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <signal.h>
#include <unistd.h>

enum {
    EVENTS = 512,
    PING_TICK_US = 100000,
    /* How long a server that has fallen behind may take for the rest; what is missing then is lost. */
    DRAIN_US = 15000000,
    /* After the last delivery: duplicates, late answers and the server's clearing up fall into the window too. */
    SETTLE_US = 200000,
    LIFETIME_SECONDS = 900,
};

struct load {
    struct clients clients;
    struct publisher publisher;
    struct latency latency; /* from the intended time of a message to each of its deliveries */
    struct processes server;
    int server_cpu;
    int epoll;
    int has_input;
    int publishing;
    uint64_t next_ping_us;
};

static void delivered(struct load *l, uint32_t i, uint64_t messages, uint64_t now) {
    struct client *client = &l->clients.client[i];
    for (; messages > 0; messages--, client->received++) {
        uint64_t intended = l->publisher.intended[client->received % PUBLISHER_RING];
        latency_add(&l->latency, now > intended ? now - intended : 0, 1);
    }
}

/* One pass: waits for something to happen, at most until the given time, and handles it. */
static void pass(struct load *l, uint64_t until) {
    uint64_t now = now_us();
    if (now >= l->next_ping_us) {
        clients_ping(&l->clients, now);
        l->next_ping_us = now + PING_TICK_US;
    }
    uint64_t due = l->publishing ? publisher_due(&l->publisher) : UINT64_MAX;
    uint64_t wake = until < l->next_ping_us ? until : l->next_ping_us;
    wake = wake < due ? wake : due;
    uint64_t wait = wake > now ? wake - now : 0;
    struct timespec timeout = {.tv_sec = (time_t)(wait / 1000000), .tv_nsec = (long)(wait % 1000000) * 1000};
    struct epoll_event events[EVENTS];
    int count = epoll_pwait2(l->epoll, events, EVENTS, &timeout, NULL);
    now = now_us();
    for (int e = -1; e < count; e++) {
        /* Before each event and not once for all: a pass takes milliseconds, and the publisher keeps its own clock. */
        if (now >= due) {
            publisher_send(&l->publisher, now);
            due = publisher_due(&l->publisher);
        }
        if (e < 0) {
            continue;
        }
        uint32_t id = events[e].data.u32;
        if (id < l->clients.options.count) {
            uint64_t messages = clients_read(&l->clients, id);
            now = now_us();
            delivered(l, id, messages, now);
        } else if (id < l->clients.options.count + PUBLISHER_CONNECTIONS) {
            publisher_read(&l->publisher, id - l->clients.options.count);
        } else {
            l->has_input = 1;
        }
    }
}

static void pass_until(struct load *l, uint64_t until) {
    while (now_us() < until) {
        pass(l, until);
    }
}

static void open_clients(struct load *l) {
    struct cpu_time before;
    struct cpu_time after;
    uint64_t rss_before = processes_rss(&l->server);
    uint64_t begin = now_us();
    processes_cpu(&l->server, &before);
    while (l->clients.open < l->clients.options.count) {
        clients_connect(&l->clients);
        pass(l, now_us() + PING_TICK_US);
        if (l->clients.lost > 0) {
            fprintf(stderr, "receiver: clients were lost while connecting\n");
            exit(1);
        }
    }
    uint64_t took = now_us() - begin;
    pass_until(l, now_us() + SETTLE_US);
    if (!processes_cpu(&l->server, &after)) {
        fprintf(stderr, "receiver: the server has gone\n");
        exit(1);
    }
    printf("open clients=%u took=%llu server_user=%llu server_system=%llu rss_before=%llu rss_after=%llu\n",
           l->clients.open, (unsigned long long)took, (unsigned long long)(after.user_us - before.user_us),
           (unsigned long long)(after.system_us - before.system_us), (unsigned long long)rss_before,
           (unsigned long long)processes_rss(&l->server));
}

static void window(struct load *l, double seconds, double rate) {
    uint64_t messages = (uint64_t)(seconds * rate + 0.5);
    uint64_t expected = messages * l->clients.options.count;
    for (uint32_t i = 0; i < l->clients.options.count; i++) {
        l->clients.client[i].received = l->publisher.sent; /* after a loss, the count of messages and their times go on together */
    }
    memset(&l->latency, 0, sizeof l->latency);
    struct totals t0 = l->clients.totals;
    uint64_t answered = l->publisher.answered - l->publisher.refused;
    uint64_t own = own_cpu_us();
    uint64_t busy = cpu_busy_us(l->server_cpu);
    struct cpu_time before;
    struct cpu_time after;
    int alive = processes_cpu(&l->server, &before);
    uint64_t begin = now_us();

    publisher_plan(&l->publisher, begin, rate, messages);
    l->publishing = 1;
    uint64_t last = begin + (uint64_t)(seconds * 1e6) + DRAIN_US;
    /* Lost clients get nothing more: they are missed in the result, and not waited for. */
    while (now_us() < last
           && (l->clients.totals.deliveries - t0.deliveries < messages * l->clients.open
               || l->publisher.answered < l->publisher.sent || publisher_due(&l->publisher) != UINT64_MAX)) {
        pass(l, last);
    }
    uint64_t took = now_us() - begin;
    l->publishing = 0;
    pass_until(l, now_us() + SETTLE_US);

    alive &= processes_cpu(&l->server, &after);
    uint64_t elapsed = now_us() - begin;
    if (!alive) {
        fprintf(stderr, "receiver: the server has gone\n");
        exit(1);
    }
    struct totals t1 = l->clients.totals;
    printf("window published=%llu accepted=%llu expected=%llu delivered=%llu lost_clients=%u others=%llu",
           (unsigned long long)messages, (unsigned long long)(l->publisher.answered - l->publisher.refused - answered),
           (unsigned long long)expected, (unsigned long long)(t1.deliveries - t0.deliveries), l->clients.lost,
           (unsigned long long)(t1.others - t0.others));
    printf(" bytes=%llu frames=%llu reads=%llu", (unsigned long long)(t1.bytes - t0.bytes),
           (unsigned long long)(t1.frames - t0.frames), (unsigned long long)(t1.reads - t0.reads));
    printf(" user=%llu system=%llu took=%llu elapsed=%llu cpu_busy=%llu load_cpu=%llu rss=%llu",
           (unsigned long long)(after.user_us - before.user_us), (unsigned long long)(after.system_us - before.system_us),
           (unsigned long long)took, (unsigned long long)elapsed, (unsigned long long)(cpu_busy_us(l->server_cpu) - busy),
           (unsigned long long)(own_cpu_us() - own), (unsigned long long)processes_rss(&l->server));
    printf(" late_p99=%llu late_max=%llu latency_p50=%llu latency_p99=%llu latency_max=%llu\n",
           (unsigned long long)latency_at(&l->publisher.lateness, 0.99), (unsigned long long)l->publisher.lateness.max,
           (unsigned long long)latency_at(&l->latency, 0.5), (unsigned long long)latency_at(&l->latency, 0.99),
           (unsigned long long)l->latency.max);
}

static void obey(struct load *l) {
    char line[128];
    for (;;) {
        l->has_input = 0;
        while (!l->has_input) {
            pass(l, now_us() + PING_TICK_US);
        }
        ssize_t got = read(STDIN_FILENO, line, sizeof line - 1);
        if (got <= 0) {
            return;
        }
        line[got] = '\0';
        double seconds;
        double rate;
        if (sscanf(line, "window %lf %lf", &seconds, &rate) != 2 || seconds <= 0 || seconds > 120 || rate <= 0) {
            fprintf(stderr, "receiver: not understood: %s", line);
            exit(2);
        }
        window(l, seconds, rate);
    }
}

static enum protocol protocol_of(const char *name) {
    if (strcmp(name, "json") == 0) {
        return PROTOCOL_JSON;
    }
    if (strcmp(name, "messagepack") == 0) {
        return PROTOCOL_MSGPACK;
    }
    if (strcmp(name, "raw") == 0) {
        return PROTOCOL_RAW;
    }
    fprintf(stderr, "receiver: --protocol is json, messagepack or raw\n");
    exit(2);
}

int main(int argc, char **argv) {
    static struct load load; /* large, and zero at the start */
    struct client_options clients = {.count = 100, .path = "/", .ping_seconds = 15};
    struct publisher_options publisher = {.path = "/", .body = BODY_SEQUENCE};
    static const struct option options[] = {
        {"clients", required_argument, NULL, 'n'},      {"port", required_argument, NULL, 'p'},
        {"path", required_argument, NULL, 'u'},         {"token", required_argument, NULL, 't'},
        {"protocol", required_argument, NULL, 'f'},     {"ping", required_argument, NULL, 'k'},
        {"publish-port", required_argument, NULL, 'P'}, {"publish-path", required_argument, NULL, 'U'},
        {"publish-token", required_argument, NULL, 'T'}, {"body", required_argument, NULL, 'b'},
        {"server-pids", required_argument, NULL, 's'},  {"server-cpu", required_argument, NULL, 'c'},
        {NULL, 0, NULL, 0}};
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (option) {
        case 'n': clients.count = (uint32_t)strtoul(optarg, NULL, 10); break;
        case 'p': clients.port = (uint16_t)strtoul(optarg, NULL, 10); break;
        case 'u': clients.path = optarg; break;
        case 't': clients.token = optarg; break;
        case 'f': clients.protocol = protocol_of(optarg); break;
        case 'k': clients.ping_seconds = (unsigned)strtoul(optarg, NULL, 10); break;
        case 'P': publisher.port = (uint16_t)strtoul(optarg, NULL, 10); break;
        case 'U': publisher.path = optarg; break;
        case 'T': publisher.token = optarg; break;
        case 'b': publisher.body = optarg; break;
        case 's': processes_parse(&load.server, optarg); break;
        case 'c': load.server_cpu = (int)strtol(optarg, NULL, 10); break;
        default: return 2;
        }
    }
    if (clients.count == 0 || clients.port == 0 || load.server.count == 0) {
        fprintf(stderr, "receiver: --clients, --port and --server-pids are needed\n");
        return 2;
    }
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    alarm(LIFETIME_SECONDS);
    setvbuf(stdout, NULL, _IOLBF, 0);

    load.epoll = epoll_create1(EPOLL_CLOEXEC);
    load.next_ping_us = UINT64_MAX; /* not before all are open */
    clients_init(&load.clients, &clients, load.epoll);
    open_clients(&load);
    load.next_ping_us = 0;
    publisher.port = publisher.port == 0 ? clients.port : publisher.port;
    publisher_init(&load.publisher, &publisher, load.epoll, clients.count);
    struct epoll_event input = {.events = EPOLLIN, .data.u32 = clients.count + PUBLISHER_CONNECTIONS};
    if (epoll_ctl(load.epoll, EPOLL_CTL_ADD, STDIN_FILENO, &input) != 0) {
        fprintf(stderr, "receiver: standard input: %s\n", strerror(errno));
        return 1;
    }
    obey(&load);
    return 0;
}
