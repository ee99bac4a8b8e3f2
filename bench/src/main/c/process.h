/* What the kernel says of other processes: CPU time of all their threads, ended ones included, and resident memory. */
#ifndef PROCESS_H
#define PROCESS_H

#include <stdint.h>
#include <sys/types.h>

enum { PROCESSES_MAX = 8 };

/* A server is one process or several (nginx: a master and its workers); all of them count. */
struct processes {
    pid_t pid[PROCESSES_MAX];
    int count;
};

/* The total is exact; its two parts come in the 10 ms of /proc's ticks, so they add up to it only over a long time. */
struct cpu_time {
    uint64_t total_us;
    uint64_t user_us;
    uint64_t system_us;
};

/* "123,456"; false when that is no such list. */
int processes_parse(struct processes *p, const char *text);

/* False when one of them has gone. */
int processes_cpu(const struct processes *p, struct cpu_time *time);

/* Bytes resident, 0 when one of them has gone. */
uint64_t processes_rss(const struct processes *p);

/*
 * Microseconds that one CPU had nothing to do, to see what else ran beside the server. Not its busy time: that is sampled at each tick, and
 * what happens in step with the ticks is seen far too often or too seldom.
 */
uint64_t cpu_idle_us(int cpu);

/* CPU microseconds of this process itself. */
uint64_t own_cpu_us(void);

/* Microseconds on a clock that only goes forward. */
uint64_t now_us(void);

#endif
