/* The parts of the floor: who its peers are, and what it does for a published message. */
#ifndef FLOOR_H
#define FLOOR_H

#include <stddef.h>
#include <stdint.h>

enum {
    FDS_MAX = 20000,
    BODY_MAX = 65000, /* fits a frame with a 16-bit length */
    BURST_BYTES_MAX = 1 << 20,
};

enum kind {
    KIND_HTTP,
    KIND_SHAKING, /* upgraded; its next frame is the hub handshake */
    KIND_SIGNALR,
    KIND_WEBPUBSUB,
    KIND_RAW, /* gets its own messages back */
};

struct peer {
    enum kind kind;
    int client;  /* its place among the clients, plus one; 0 for none */
    char *kept;  /* bytes of something that is not complete */
    size_t have;
};

/* In floor_publish.c. */

/* Deliveries to do wrong, counted from 1 over all; 0 for none. To see that the load side sees it. */
struct faults {
    uint64_t drop;
    uint64_t repeat;
};
extern struct faults faults;

void client_joins(struct peer *peer, int fd);
void client_leaves(struct peer *peer);

/*
 * What a POST asks for by its path: /publish one send() for each client, /publish/17 for the 17th only (from 0), /publish/10-19 for
 * those, /burst/16 keeps the message until it has 16, and then sends them to each client with one send(). False where it is none.
 */
int publish(const char *path, const char *body, size_t length);

/* In floor_http.c: handles one request at the start of the bytes; how many it took, 0 when it is not complete. */
size_t take_request(int fd, struct peer *peer, const char *bytes, size_t have);

/* In floor.c. Waits for a peer that does not read. */
void send_all(int fd, const void *data, size_t length);

/* Writes the header of a server's frame; its length. */
size_t frame_header(char *out, uint8_t opcode, size_t payload);

#endif
