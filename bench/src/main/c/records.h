/* The files that say what to do: records of raw bytes, and lines of words. */
#ifndef RECORDS_H
#define RECORDS_H

#include <stddef.h>
#include <stdint.h>

struct record {
    char *bytes; /* a zero byte follows them */
    size_t length;
};

struct records {
    struct record *list;
    uint32_t count;
};

/* "LENGTH\n" and so many bytes, again and again. Stops the program where the file is not so, or empty. */
struct records records_read(const char *path);

void records_free(struct records *r);

/* Who a connection is: a line with tabs between the words, "-" or nothing for none. */
struct upgrade {
    const char *path;
    const char *token;       /* bearer token, or NULL */
    const char *subprotocol; /* or NULL */
    const char *subject;     /* what a client of NATS subscribes to, or NULL for "b" */
};

struct upgrades {
    struct upgrade *list;
    uint32_t count;
    char *text;
};

struct upgrades upgrades_read(const char *path);

void upgrades_free(struct upgrades *u);

#endif
