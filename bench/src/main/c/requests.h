/* What is published: whole requests as they go on the wire, used in turn. */
#ifndef REQUESTS_H
#define REQUESTS_H

#include <stddef.h>
#include <stdint.h>

struct clients;

struct request {
    char *bytes;
    size_t length;
    size_t sequence_at; /* where its number goes, or SIZE_MAX */
};

struct requests {
    struct request *list;
    uint32_t count;
    int http;      /* each is answered; otherwise they are lines which nothing answers */
    uint32_t each; /* deliveries that each must cause */
};

/*
 * Reads them from a file of records. {id:N} becomes the connection id of client N, and then {length} in the head the body's length.
 * Stops the program where that is not possible, or where a request that causes deliveries has no place for its number.
 */
struct requests requests_read(const char *path, int http, uint32_t each, const struct clients *clients);

void requests_free(struct requests *r);

#endif
