#include "process.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static uint64_t ticks_to_us(uint64_t ticks) { return ticks * 1000000ULL / (uint64_t)sysconf(_SC_CLK_TCK); }

int processes_parse(struct processes *p, const char *text) {
    p->count = 0;
    while (*text != '\0' && p->count < PROCESSES_MAX) {
        char *end;
        long pid = strtol(text, &end, 10);
        if (end == text || pid <= 0 || (*end != ',' && *end != '\0')) {
            return 0;
        }
        p->pid[p->count++] = (pid_t)pid;
        text = *end == ',' ? end + 1 : end;
    }
    return p->count > 0 && *text == '\0';
}

/* One small file of /proc as text; false when the process has gone. */
static int read_proc(const char *path, char *text, size_t size) {
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return 0;
    }
    size_t length = fread(text, 1, size - 1, file);
    text[length] = '\0';
    fclose(file);
    return length > 0;
}

/* The clock that the scheduler keeps for a process, threads that have ended included; false when it has gone. */
static int cpu_clock_ns(pid_t pid, uint64_t *ns) {
    clockid_t clock;
    struct timespec t;
    if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &t) != 0) {
        return 0;
    }
    *ns = (uint64_t)t.tv_sec * 1000000000ULL + (uint64_t)t.tv_nsec;
    return 1;
}

int processes_cpu(const struct processes *p, struct cpu_time *time) {
    memset(time, 0, sizeof *time);
    uint64_t total_ns = 0;
    for (int i = 0; i < p->count; i++) {
        char path[64];
        char text[1024];
        snprintf(path, sizeof path, "/proc/%d/stat", (int)p->pid[i]);
        if (!read_proc(path, text, sizeof text)) {
            return 0;
        }
        /* The name may hold spaces and parentheses; fields are counted from the last one. utime and stime are fields 14 and 15. */
        const char *after_name = strrchr(text, ')');
        unsigned long long user;
        unsigned long long system;
        if (after_name == NULL
            || sscanf(after_name + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu", &user, &system) != 2) {
            return 0;
        }
        uint64_t ns;
        if (!cpu_clock_ns(p->pid[i], &ns)) {
            return 0;
        }
        total_ns += ns;
        time->user_us += ticks_to_us(user);
        time->system_us += ticks_to_us(system);
    }
    time->total_us = total_ns / 1000;
    return 1;
}

uint64_t processes_rss(const struct processes *p) {
    uint64_t total = 0;
    for (int i = 0; i < p->count; i++) {
        char path[64];
        char text[4096];
        snprintf(path, sizeof path, "/proc/%d/status", (int)p->pid[i]);
        if (!read_proc(path, text, sizeof text)) {
            return 0;
        }
        const char *line = strstr(text, "\nVmRSS:");
        if (line == NULL) {
            return 0;
        }
        total += strtoull(line + 7, NULL, 10) * 1024;
    }
    return total;
}

uint64_t cpu_idle_us(int cpu) {
    char text[8192];
    char name[16];
    if (!read_proc("/proc/stat", text, sizeof text)) {
        return 0;
    }
    snprintf(name, sizeof name, "\ncpu%d ", cpu);
    const char *line = strstr(text, name);
    /* user nice system idle iowait */
    unsigned long long idle;
    unsigned long long waiting;
    if (line == NULL || sscanf(line + strlen(name), "%*u %*u %*u %llu %llu", &idle, &waiting) != 2) {
        return 0;
    }
    return ticks_to_us(idle + waiting);
}

uint64_t own_cpu_us(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (uint64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000ULL
           + (uint64_t)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

uint64_t now_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000ULL + (uint64_t)t.tv_nsec / 1000ULL;
}
