#include "fail.h"
#include "floor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

struct faults faults;

static int client[FDS_MAX];
static struct peer *joined[FDS_MAX];
static int clients;
static uint64_t deliveries;

/* The frames of a burst that is not complete, back to back. */
static char burst[BURST_BYTES_MAX];
static size_t burst_length;
static unsigned burst_messages;

void client_joins(struct peer *peer, int fd) {
    client[clients] = fd;
    joined[clients] = peer;
    peer->client = ++clients;
}

void client_leaves(struct peer *peer) {
    if (peer->client > 0) {
        int place = peer->client - 1;
        client[place] = client[--clients];
        joined[place] = joined[clients];
        joined[place]->client = place + 1;
        peer->client = 0;
    }
}

/*
 * {"target":...} becomes the frame that a SignalR server makes of it: {"type":1,"target":...} and a separator. Whatever else is
 * published is a frame's payload as it is.
 */
static size_t frame_of(const char *body, size_t length, char *frame) {
    static const char lead[] = "{\"type\":1,";
    if (length < 9 || memcmp(body, "{\"target\"", 9) != 0) {
        size_t at = frame_header(frame, 1, length);
        memcpy(frame + at, body, length);
        return at + length;
    }
    size_t at = frame_header(frame, 1, sizeof lead - 1 + length - 1 + 1);
    memcpy(frame + at, lead, sizeof lead - 1);
    at += sizeof lead - 1;
    memcpy(frame + at, body + 1, length - 1);
    at += length - 1;
    frame[at++] = 0x1E;
    return at;
}

static void deliver(int fd, const char *frames, size_t length) {
    deliveries++;
    if (deliveries == faults.drop) {
        return;
    }
    for (int times = deliveries == faults.repeat ? 2 : 1; times > 0; times--) {
        ssize_t sent = send(fd, frames, length, MSG_NOSIGNAL);
        if (sent >= 0 && (size_t)sent < length) {
            send_all(fd, frames + sent, length - (size_t)sent);
        }
    }
}

static void deliver_range(int from, int to, const char *frames, size_t length) {
    for (int i = from; i <= to && i < clients; i++) {
        deliver(client[i], frames, length);
    }
}

static void collect(unsigned messages, const char *body, size_t length) {
    if (burst_length + length + 32 > sizeof burst) {
        fail("a burst is longer than %d bytes", BURST_BYTES_MAX);
    }
    burst_length += frame_of(body, length, burst + burst_length);
    if (++burst_messages >= messages) {
        deliver_range(0, clients - 1, burst, burst_length);
        burst_length = 0;
        burst_messages = 0;
    }
}

int publish(const char *path, const char *body, size_t length) {
    unsigned messages;
    int from = 0;
    int to = FDS_MAX;
    if (sscanf(path, "/burst/%u", &messages) == 1 && messages > 0) {
        collect(messages, body, length);
        return 1;
    }
    if (strncmp(path, "/publish", 8) != 0) {
        return 0;
    }
    if (sscanf(path, "/publish/%d-%d", &from, &to) == 1) {
        to = from;
    }
    static char frame[BODY_MAX + 64];
    deliver_range(from, to, frame, frame_of(body, length, frame));
    return 1;
}
