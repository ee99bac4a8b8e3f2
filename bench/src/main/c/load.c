/*
 * The load side: opens N clients on a server, publishes to it and counts what arrives. One thread, so that the clock of the publisher
 * and of the clients is the same, and little of it, as it shares the machine with the server. See the usage below.
 */
#include "fail.h"
#include "visitors.h"
#include "window.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

const char *const program = "load";

enum {
    LIFETIME_SECONDS = 1800,
    SECONDS_MAX = 120,
    DRAIN_SECONDS = 15,
    SPIN_US = 100,
    BURST_MAX = 1024,
    PARALLEL_MAX = 4096,
    LINE_MAX_BYTES = 8192,
    PASS_US = 1000000,
};

static const char usage[] =
    "usage: load --port P --server-pids 1,2 [options] < commands\n"
    "  --server-cpu C       the CPU that the server is pinned to (0)\n"
    "  --publish-port P     where requests go, if not to --port\n"
    "  --clients N          (100)\n"
    "  --protocol NAME      raw, signalr-json, signalr-messagepack, signalr-mixed, webpubsub-json, webpubsub-reliable, socketio, nats\n"
    "  --upgrades FILE      a line for each client, used in turn: path, tab, token or -, tab, subprotocol or -, tab, NATS subject\n"
    "  --parallel N         openings under way at a time (64)\n"
    "  --expect-id yes      keep the connection id of Web PubSub's connected message\n"
    "  --ping S  --ack S    how often each client pings (15) and acknowledges (5); 0 for never\n"
    "  --drain S            how long a window waits for what is missing (15)\n"
    "  --spin US            poll instead of sleeping for so long before something is due, as waking up is late (100)\n"
    "commands, one a line; each is answered with one line of key=value words, times in microseconds, sizes in bytes:\n"
    "  open                 all clients\n"
    "  requests FILE http|line PER      what to publish: records of LENGTH, newline and bytes; deliveries that each must cause\n"
    "  window SECONDS RATE BURST        RATE bursts a second of BURST requests, each burst one write\n"
    "  echo SECONDS RATE FILE           clients' own messages by the template in FILE (a record; {n} is the client's number)\n"
    "  idle SECONDS\n"
    "  connect COUNT PARALLEL upgrade|negotiate FILE    visitors who come and go, so many at a time\n"
    "  churn SECONDS RATE upgrade|negotiate FILE        the same at a fixed rate\n"
    "  ids                  the clients' connection ids\n"
    "  quit\n";

static void print_ids(const struct load *l) {
    for (uint32_t i = 0; i < l->clients.options.count; i++) {
        const char *id = clients_id(&l->clients, i);
        printf("%s%s", i == 0 ? "ids=" : ",", id == NULL ? "" : id);
    }
    printf("\n");
}

static void need_open(const struct load *l, const char *command) {
    if (l->clients.open == 0) {
        fail("%s: no client is open", command);
    }
}

static int paced(double seconds, double rate) { return seconds > 0 && seconds <= SECONDS_MAX && rate > 0; }

static int visit_mode(const char *name, enum visit_mode *mode) {
    *mode = strcmp(name, "negotiate") == 0 ? VISIT_NEGOTIATE : VISIT_UPGRADE;
    return *mode == VISIT_NEGOTIATE || strcmp(name, "upgrade") == 0;
}

/* False at quit. */
static int obey(struct load *l, const char *line) {
    char file[4096];
    char mode[16];
    double seconds;
    double rate;
    uint32_t number;
    uint32_t parallel;
    enum visit_mode visit;
    int whole = 0; /* where the command ends in the line: nothing may follow */
    if (strcmp(line, "quit") == 0) {
        return 0;
    }
    if (strcmp(line, "open") == 0) {
        open_all(l);
    } else if (strcmp(line, "ids") == 0) {
        print_ids(l);
    } else if (sscanf(line, "idle %lf%n", &seconds, &whole) == 1 && line[whole] == '\0' && paced(seconds, 1)) {
        need_open(l, "idle");
        idle(l, seconds);
    } else if (sscanf(line, "requests %4095s %15s %u%n", file, mode, &number, &whole) == 3 && line[whole] == '\0'
               && (strcmp(mode, "http") == 0 || strcmp(mode, "line") == 0)) {
        publisher_requests(&l->publisher, requests_read(file, mode[0] == 'h', number, &l->clients));
        printf("requests=%u\n", l->publisher.requests.count);
    } else if (sscanf(line, "window %lf %lf %u%n", &seconds, &rate, &number, &whole) == 3 && line[whole] == '\0'
               && paced(seconds, rate) && number > 0 && number <= BURST_MAX) {
        need_open(l, "window");
        publish_window(l, seconds, rate, number);
    } else if (sscanf(line, "echo %lf %lf %4095s%n", &seconds, &rate, file, &whole) == 3 && line[whole] == '\0' && paced(seconds, rate)) {
        need_open(l, "echo");
        echo_window(l, seconds, rate, file);
    } else if (sscanf(line, "connect %u %u %15s %4095s%n", &number, &parallel, mode, file, &whole) == 4 && line[whole] == '\0'
               && number > 0 && parallel > 0 && parallel <= PARALLEL_MAX && visit_mode(mode, &visit)) {
        storm(l, number, parallel, visit, file);
    } else if (sscanf(line, "churn %lf %lf %15s %4095s%n", &seconds, &rate, mode, file, &whole) == 4 && line[whole] == '\0'
               && paced(seconds, rate) && visit_mode(mode, &visit)) {
        churn(l, seconds, rate, visit, file);
    } else {
        fail("not understood: %s", line);
    }
    return 1;
}

struct input {
    char line[LINE_MAX_BYTES];
    size_t have;
    int ready;
};

static void input_ready(void *context, uint32_t index, uint32_t epoll_events) {
    (void)index;
    (void)epoll_events;
    ((struct input *)context)->ready = 1;
}

static void commands(struct load *l) {
    static struct input input;
    l->loop.watcher[WATCH_INPUT] = (struct watcher){.ready = input_ready, .context = &input};
    for (;;) {
        char *end;
        while ((end = memchr(input.line, '\n', input.have)) != NULL) {
            *end = '\0';
            if (!obey(l, input.line)) {
                return;
            }
            input.have -= (size_t)(end + 1 - input.line);
            memmove(input.line, end + 1, input.have);
        }
        if (input.have == sizeof input.line) {
            fail("a command is longer than %d bytes", LINE_MAX_BYTES);
        }
        /* Watched only between commands: input that waits, or has ended, would wake each pass of a window. */
        loop_add(&l->loop, STDIN_FILENO, WATCH_INPUT, 0, EPOLLIN);
        for (input.ready = 0; !input.ready;) {
            loop_pass(&l->loop, now_us() + PASS_US);
        }
        loop_remove(&l->loop, STDIN_FILENO);
        ssize_t got = read(STDIN_FILENO, input.line + input.have, sizeof input.line - input.have);
        if (got <= 0) {
            return;
        }
        input.have += (size_t)got;
    }
}

static unsigned long number_of(const char *option, const char *text, unsigned long max) {
    char *end;
    unsigned long number = strtoul(text, &end, 10);
    if (end == text || *end != '\0' || number > max) {
        fail("--%s: not a number up to %lu: %s", option, max, text);
    }
    return number;
}

int main(int argc, char **argv) {
    static struct load load; /* large, and zero at the start */
    struct client_options clients = {.count = 100, .parallel = 64, .protocol = "raw", .ping_seconds = 15, .ack_seconds = 5};
    uint16_t publish_port = 0;
    load.drain_us = DRAIN_SECONDS * 1000000ULL;
    load.loop.spin_us = SPIN_US;
    const char *upgrades = NULL;
    static const struct option options[] = {
        {"port", required_argument, NULL, 'p'},        {"publish-port", required_argument, NULL, 'P'},
        {"server-pids", required_argument, NULL, 's'}, {"server-cpu", required_argument, NULL, 'c'},
        {"clients", required_argument, NULL, 'n'},     {"protocol", required_argument, NULL, 'f'},
        {"ping", required_argument, NULL, 'k'},        {"ack", required_argument, NULL, 'a'},
        {"upgrades", required_argument, NULL, 'u'},    {"parallel", required_argument, NULL, 'm'},
        {"expect-id", required_argument, NULL, 'i'},   {"drain", required_argument, NULL, 'd'},
        {"spin", required_argument, NULL, 'w'},        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0}};
    for (int option, index; (option = getopt_long(argc, argv, "", options, &index)) != -1;) {
        const char *name = option == '?' ? "" : options[index].name;
        switch (option) {
        case 'p': clients.port = (uint16_t)number_of(name, optarg, UINT16_MAX); break;
        case 'P': publish_port = (uint16_t)number_of(name, optarg, UINT16_MAX); break;
        case 's':
            if (!processes_parse(&load.server, optarg)) {
                fail("--server-pids: not process ids with commas between: %s", optarg);
            }
            break;
        case 'c': load.server_cpu = (int)number_of(name, optarg, 1023); break;
        case 'n': clients.count = (uint32_t)number_of(name, optarg, 1000000); break;
        case 'f': clients.protocol = optarg; break;
        case 'k': clients.ping_seconds = (unsigned)number_of(name, optarg, 86400); break;
        case 'a': clients.ack_seconds = (unsigned)number_of(name, optarg, 86400); break;
        case 'u': upgrades = optarg; break;
        case 'm': clients.parallel = (uint32_t)number_of(name, optarg, 100000); break;
        case 'i': clients.expect_id = strcmp(optarg, "yes") == 0; break;
        case 'd': load.drain_us = number_of(name, optarg, SECONDS_MAX) * 1000000ULL; break;
        case 'w': load.loop.spin_us = number_of(name, optarg, 1000000); break;
        case 'h': fputs(usage, stdout); return 0;
        default: fputs(usage, stderr); return 2;
        }
    }
    enum dialect dialect;
    if (optind < argc || clients.count == 0 || clients.parallel == 0 || clients.port == 0 || load.server.count == 0) {
        fail("--port, --server-pids and at least one client are needed, and nothing but options");
    }
    if (!clients_dialect(clients.protocol, 0, &dialect)) {
        fail("--protocol: unknown: %s", clients.protocol);
    }
    static const struct upgrade root = {.path = "/"};
    clients.upgrades = upgrades == NULL ? (struct upgrades){.list = (struct upgrade *)&root, .count = 1} : upgrades_read(upgrades);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    /* Wakes when a message is due, not up to 50 us later. */
    prctl(PR_SET_TIMERSLACK, 1);
    alarm(LIFETIME_SECONDS);
    setvbuf(stdout, NULL, _IOLBF, 1 << 16);

    loop_init(&load.loop);
    tally_init(&load.tally, clients.count);
    clients_init(&load.clients, &clients, &load.loop, &load.tally);
    publisher_init(&load.publisher, publish_port == 0 ? clients.port : publish_port, dialect == DIALECT_NATS, &load.loop, &load.tally);
    commands(&load);
    return 0;
}
