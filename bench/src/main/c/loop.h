/* The one loop: sockets as they become ready, and what is due between them. */
#ifndef LOOP_H
#define LOOP_H

#include <stdint.h>

/* Something that watches sockets. */
struct watcher {
    void (*ready)(void *context, uint32_t index, uint32_t epoll_events);
    void *context;
};

/* Something with a time of its own. */
struct timed {
    uint64_t (*due)(void *context); /* when it wants to act next; UINT64_MAX for never */
    void (*act)(void *context, uint64_t now_us);
    void *context;
};

enum watched { WATCH_INPUT, WATCH_CLIENTS, WATCH_PUBLISHER, WATCH_VISITORS, WATCH_NEGOTIATORS, WATCH_KINDS };

struct loop {
    int epoll;
    struct watcher watcher[WATCH_KINDS];
    struct timed background; /* all the time: pings and acks */
    struct timed work;       /* the current command's, if any */
    uint64_t spin_us; /* so long before work is due the loop polls instead of sleeping: waking up takes its time */
};

/* The rest of it is zero, or set already. */
void loop_init(struct loop *l);

/* Socket number `index` of a watcher: watches it, changes what it waits for (EPOLLIN, EPOLLOUT). A closed one leaves by itself. */
void loop_add(struct loop *l, int fd, enum watched kind, uint32_t index, uint32_t epoll_events);
void loop_change(struct loop *l, int fd, enum watched kind, uint32_t index, uint32_t epoll_events);
void loop_remove(struct loop *l, int fd);

/* One pass: waits for something to happen, at most until the given time, and handles it. */
void loop_pass(struct loop *l, uint64_t until_us);

void loop_until(struct loop *l, uint64_t until_us);

#endif
