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

struct cpu_time {
    uint64_t user_us;
    uint64_t system_us;
};

/* "123,456"; false when that is no such list. */
int processes_parse(struct processes *p, const char *text);

/* False when one of them has gone. */
int processes_cpu(const struct processes *p, struct cpu_time *time);

/* Bytes resident, 0 when one of them has gone. */
uint64_t processes_rss(const struct processes *p);

/* Busy microseconds of one CPU, whoever used it, steal by other machines included; to see what else ran beside the server. */
uint64_t cpu_busy_us(int cpu);

/* CPU microseconds of this process itself. */
uint64_t own_cpu_us(void);

/* Microseconds on a clock that only goes forward. */
uint64_t now_us(void);

#endif
