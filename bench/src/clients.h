/* N WebSocket clients on one thread: they connect, shake hands, count what they get and keep themselves alive. */
#ifndef CLIENTS_H
#define CLIENTS_H

#include "frames.h"

#include <stdint.h>

struct client_options {
    uint32_t count;
    uint16_t port;
    const char *path;  /* request target of the upgrade */
    const char *token; /* bearer token, or NULL for none */
    enum protocol protocol;
    unsigned ping_seconds; /* each client sends a hub ping this often; 0 for never */
};

enum client_state { CLIENT_NEW, CLIENT_UPGRADING, CLIENT_SHAKING, CLIENT_OPEN, CLIENT_LOST };

struct client {
    struct stream stream;
    int fd;
    enum client_state state;
    uint64_t received; /* deliveries to this client since it opened */
};

struct clients {
    struct client_options options;
    struct client *client;
    struct totals totals;
    uint32_t started;
    uint32_t open;
    uint32_t lost;
    uint64_t pings_sent;
    uint64_t pings_from_us; /* when the pinging began */
    int epoll;
};

/* Epoll events of client i carry i; the caller takes any number from count on for its own. */
void clients_init(struct clients *c, const struct client_options *options, int epoll);

/* Starts a few more connections, never more at a time than the server is fair to be asked; call until all are open. */
void clients_connect(struct clients *c);

/* Reads once from client i and answers what must be answered. The number of deliveries that the read completed. */
uint64_t clients_read(struct clients *c, uint32_t i);

/* Sends the pings that are due: spread evenly, so that no window gets a burst of them. */
void clients_ping(struct clients *c, uint64_t now);

#endif
