#include "loop.h"

#include "fail.h"
#include "process.h"

#include <errno.h>
#include <sys/epoll.h>
#include <time.h>

enum { EVENTS = 512 };

void loop_init(struct loop *l) {
    l->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (l->epoll < 0) {
        fail_errno("epoll");
    }
}

static void control(struct loop *l, int operation, int fd, enum watched kind, uint32_t index, uint32_t epoll_events) {
    struct epoll_event event = {.events = epoll_events, .data.u64 = (uint64_t)kind << 32 | index};
    if (epoll_ctl(l->epoll, operation, fd, &event) != 0) {
        fail_errno("epoll");
    }
}

void loop_add(struct loop *l, int fd, enum watched kind, uint32_t index, uint32_t epoll_events) {
    control(l, EPOLL_CTL_ADD, fd, kind, index, epoll_events);
}

void loop_change(struct loop *l, int fd, enum watched kind, uint32_t index, uint32_t epoll_events) {
    control(l, EPOLL_CTL_MOD, fd, kind, index, epoll_events);
}

void loop_remove(struct loop *l, int fd) {
    if (epoll_ctl(l->epoll, EPOLL_CTL_DEL, fd, NULL) != 0) {
        fail_errno("epoll");
    }
}

static uint64_t due(const struct timed *t) { return t->due == NULL ? UINT64_MAX : t->due(t->context); }

void loop_pass(struct loop *l, uint64_t until_us) {
    uint64_t now = now_us();
    if (due(&l->background) <= now) {
        l->background.act(l->background.context, now);
    }
    uint64_t wake = until_us;
    uint64_t background = due(&l->background);
    wake = background < wake ? background : wake;
    uint64_t work = due(&l->work);
    uint64_t work_wake = work > l->spin_us ? work - l->spin_us : 0;
    wake = work_wake < wake ? work_wake : wake;
    uint64_t wait = wake > now ? wake - now : 0;
    struct timespec timeout = {.tv_sec = (time_t)(wait / 1000000), .tv_nsec = (long)(wait % 1000000) * 1000};
    struct epoll_event events[EVENTS];
    int count = epoll_pwait2(l->epoll, events, EVENTS, &timeout, NULL);
    if (count < 0 && errno != EINTR) {
        fail_errno("epoll");
    }
    for (int e = -1; e < count; e++) {
        /* Before each event and not once for all: a pass takes milliseconds, and the work keeps its own clock. */
        if (work != UINT64_MAX) {
            now = now_us();
            if (work <= now) {
                l->work.act(l->work.context, now);
                work = due(&l->work);
            }
        }
        if (e >= 0) {
            const struct watcher *w = &l->watcher[events[e].data.u64 >> 32];
            w->ready(w->context, (uint32_t)events[e].data.u64, events[e].events);
        }
    }
    /* What its events have made due (a connection that ended makes room for the next) is found in the next pass. */
}

void loop_until(struct loop *l, uint64_t until_us) {
    while (now_us() < until_us) {
        loop_pass(l, until_us);
    }
}
