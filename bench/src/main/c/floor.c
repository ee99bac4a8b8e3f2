/*
 * The floor: the least a server can do. It takes a message by HTTP and calls send() once for each client, on one thread, with a frame
 * built once; or it sends a client's own message back. No tokens, no groups, no keep-alive, no back-pressure: it waits for a client that
 * does not read. Its frames are those of a real server, byte for byte, so that the load side's work is the same.
 */
#include "floor.h"

#include "fail.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

const char *const program = "floor";

enum { EVENTS = 256, LIFETIME_SECONDS = 1800, READ_MAX = 1 << 18, OPCODE_CLOSE = 8, MASK = 4 };

static struct peer peers[FDS_MAX];

void send_all(int fd, const void *data, size_t length) {
    const char *from = data;
    while (length > 0) {
        ssize_t sent = send(fd, from, length, MSG_NOSIGNAL);
        if (sent < 0) {
            return; /* the peer has gone; the load side will miss the message */
        }
        from += sent;
        length -= (size_t)sent;
    }
}

size_t frame_header(char *out, uint8_t opcode, size_t payload) {
    out[0] = (char)(0x80 | opcode);
    if (payload < 126) {
        out[1] = (char)payload;
        return 2;
    }
    out[1] = 126;
    out[2] = (char)(payload >> 8);
    out[3] = (char)payload;
    return 4;
}

static void closed(int fd) {
    client_leaves(&peers[fd]);
    free(peers[fd].kept);
    memset(&peers[fd], 0, sizeof peers[fd]);
    close(fd);
}

/* A client's message: unmasked where it is, and a server's header before it, where the longer one of the client was. */
static void echo(int fd, char *payload, size_t length, uint8_t opcode) {
    char key[MASK];
    memcpy(key, payload - MASK, sizeof key);
    for (size_t i = 0; i < length; i++) {
        payload[i] = (char)(payload[i] ^ key[i % MASK]);
    }
    char header[4];
    size_t size = frame_header(header, opcode, length);
    memcpy(payload - size, header, size);
    send_all(fd, payload - size, size + length);
}

/* Handles one frame of a client at the start of the bytes; how many it took, 0 when it is not complete. */
static size_t take_frame(int fd, struct peer *peer, char *bytes, size_t have) {
    if (have < 2) {
        return 0;
    }
    size_t length = (uint8_t)bytes[1] & 0x7F;
    size_t header = 2 + MASK + (length == 126 ? 2U : 0U);
    if (((uint8_t)bytes[1] & 0x80) == 0 || length == 127) {
        fail("a client's frame without a mask, or longer than 65,535 bytes");
    }
    if (have < header) {
        return 0;
    }
    length = length == 126 ? (size_t)(uint8_t)bytes[2] << 8 | (uint8_t)bytes[3] : length;
    if (have < header + length) {
        return 0;
    }
    uint8_t opcode = (uint8_t)bytes[0] & 0x0F;
    if (opcode == OPCODE_CLOSE) {
        send_all(fd, "\x88\x02\x03\xe8", 4);
        closed(fd);
        return have;
    }
    if (peer->kind == KIND_SHAKING) {
        send_all(fd, "\x81\x03{}\x1e", 5);
        peer->kind = KIND_SIGNALR;
        client_joins(peer, fd);
    } else if (peer->kind == KIND_RAW && opcode < OPCODE_CLOSE) {
        echo(fd, bytes + header, length, opcode);
    }
    return header + length;
}

static void keep(struct peer *peer, const char *bytes, size_t have) {
    peer->kept = malloc(have);
    if (peer->kept == NULL) {
        fail_errno("memory");
    }
    memcpy(peer->kept, bytes, have);
    peer->have = have;
}

static void read_peer(int fd) {
    static char buffer[READ_MAX];
    struct peer *peer = &peers[fd];
    if (peer->kept != NULL) {
        memcpy(buffer, peer->kept, peer->have);
    }
    ssize_t got = recv(fd, buffer + peer->have, sizeof buffer - peer->have, MSG_DONTWAIT);
    if (got <= 0) {
        if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
            closed(fd);
        }
        return;
    }
    size_t have = peer->have + (size_t)got;
    size_t at = 0;
    free(peer->kept);
    peer->kept = NULL;
    peer->have = 0;
    for (size_t took = 1; took > 0 && at < have; at += took) {
        took = peer->kind == KIND_HTTP ? take_request(fd, peer, buffer + at, have - at)
                                       : take_frame(fd, peer, buffer + at, have - at);
    }
    if (at < have) {
        keep(peer, buffer + at, have - at);
    }
}

static void accept_peer(int listener, int epoll) {
    int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0 || fd >= FDS_MAX) {
        fail_errno("accept");
    }
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0) {
        fail_errno("epoll");
    }
}

static int listen_on(const char *port) {
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int on = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                  .sin_port = htons((uint16_t)strtoul(port, NULL, 10))};
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 4096) != 0) {
        fail_errno("listen");
    }
    return listener;
}

int main(int argc, char **argv) {
    for (int i = 2; i + 1 < argc; i += 2) {
        uint64_t number = strtoull(argv[i + 1], NULL, 10);
        if (strcmp(argv[i], "--drop") == 0) {
            faults.drop = number;
        } else if (strcmp(argv[i], "--repeat") == 0) {
            faults.repeat = number;
        } else {
            argc = 0;
        }
    }
    if (argc < 2 || argc % 2 != 0) {
        fprintf(stderr, "usage: floor PORT [--drop N] [--repeat N]\n");
        return 2;
    }
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    alarm(LIFETIME_SECONDS);
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    int listener = listen_on(argv[1]);
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listener};
    epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
    for (;;) {
        struct epoll_event events[EVENTS];
        int count = epoll_wait(epoll, events, EVENTS, -1);
        for (int i = 0; i < count; i++) {
            if (events[i].data.fd == listener) {
                accept_peer(listener, epoll);
            } else {
                read_peer(events[i].data.fd);
            }
        }
    }
}
