/*
 * The floor: the least a server can do. It takes a broadcast by HTTP and calls send() once for each client, on one thread, with a frame
 * built once. No tokens, no groups, no keep-alive, no back-pressure: it waits for a client that does not read. Its frames are those of
 * the SignalR JSON protocol, byte for byte, so that the receiver's work is the same as with a real server.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { FDS_MAX = 20000, EVENTS = 256, REQUEST_MAX = 8192, LIFETIME_SECONDS = 900 };

/* The answer to the one key that the receiver sends. */
#define UPGRADED \
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" \
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
#define ACCEPTED "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"
#define SHAKEN "\x81\x03{}\x1e"

enum kind { KIND_HTTP, KIND_SHAKING, KIND_CLIENT };

struct peer {
    enum kind kind;
    char *request; /* bytes not yet used; freed once it is a client */
    size_t have;
};

static struct peer peers[FDS_MAX];
static int client[FDS_MAX];
static int clients;

static void die(const char *what) {
    fprintf(stderr, "floor: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void send_all(int fd, const void *data, size_t length) {
    const char *from = data;
    while (length > 0) {
        ssize_t sent = send(fd, from, length, MSG_NOSIGNAL);
        if (sent < 0) {
            return; /* the client has gone; the receiver will miss the message */
        }
        from += sent;
        length -= (size_t)sent;
    }
}

/* {"target":...} becomes {"type":1,"target":...} and a separator, in one text frame. */
static size_t frame_of(const char *body, size_t length, char *frame) {
    static const char lead[] = "{\"type\":1,";
    size_t payload = length - 1 + sizeof lead - 1 + 1;
    size_t at = 0;
    frame[at++] = (char)0x81;
    if (payload > 125) {
        frame[at++] = 126;
        frame[at++] = (char)(payload >> 8);
        frame[at++] = (char)payload;
    } else {
        frame[at++] = (char)payload;
    }
    memcpy(frame + at, lead, sizeof lead - 1);
    at += sizeof lead - 1;
    memcpy(frame + at, body + 1, length - 1);
    at += length - 1;
    frame[at++] = 0x1E;
    return at;
}

static void broadcast(int publisher, const char *body, size_t length) {
    char frame[REQUEST_MAX + 64];
    size_t size = frame_of(body, length, frame);
    send_all(publisher, ACCEPTED, sizeof ACCEPTED - 1);
    for (int i = 0; i < clients; i++) {
        ssize_t sent = send(client[i], frame, size, MSG_NOSIGNAL);
        if (sent >= 0 && (size_t)sent < size) {
            send_all(client[i], frame + sent, size - (size_t)sent);
        }
    }
}

/* Handles one request at the start of the peer's bytes; how many it took, 0 when it is not complete. */
static size_t take_request(int fd, struct peer *peer) {
    const char *end = memmem(peer->request, peer->have, "\r\n\r\n", 4);
    if (end == NULL) {
        return 0;
    }
    size_t head = (size_t)(end - peer->request) + 4;
    if (memcmp(peer->request, "GET ", 4) == 0) {
        send_all(fd, UPGRADED, sizeof UPGRADED - 1);
        peer->kind = KIND_SHAKING;
        return head;
    }
    const char *field = strcasestr(peer->request, "\ncontent-length:");
    size_t length = field == NULL ? 0 : strtoul(field + 16, NULL, 10);
    if (length < 2 || head + length > REQUEST_MAX) {
        fprintf(stderr, "floor: a request it does not know\n");
        exit(1);
    }
    if (peer->have < head + length) {
        return 0;
    }
    broadcast(fd, peer->request + head, length);
    return head + length;
}

/* The hub handshake is a short masked frame: six bytes and the payload. */
static size_t take_handshake(int fd, struct peer *peer) {
    if (peer->have < 6 || peer->have < 6U + (peer->request[1] & 0x7F)) {
        return 0;
    }
    size_t took = 6U + (peer->request[1] & 0x7F);
    send_all(fd, SHAKEN, sizeof SHAKEN - 1);
    peer->kind = KIND_CLIENT;
    client[clients++] = fd;
    return took;
}

static void closed(int fd) {
    for (int i = 0; i < clients; i++) {
        if (client[i] == fd) {
            client[i] = client[--clients];
            break;
        }
    }
    free(peers[fd].request);
    memset(&peers[fd], 0, sizeof peers[fd]);
    close(fd);
}

static void read_peer(int fd) {
    struct peer *peer = &peers[fd];
    if (peer->kind == KIND_CLIENT) {
        char ignored[512];
        ssize_t got = recv(fd, ignored, sizeof ignored, MSG_DONTWAIT);
        if (got == 0 || (got < 0 && errno != EAGAIN)) {
            closed(fd);
        }
        return;
    }
    if (peer->request == NULL && (peer->request = calloc(1, REQUEST_MAX + 1)) == NULL) {
        die("memory");
    }
    ssize_t got = recv(fd, peer->request + peer->have, REQUEST_MAX - peer->have, MSG_DONTWAIT);
    if (got <= 0) {
        if (got == 0 || errno != EAGAIN) {
            closed(fd);
        }
        return;
    }
    peer->have += (size_t)got;
    for (size_t took = 1; took > 0 && peer->have > 0 && peer->kind != KIND_CLIENT;) {
        peer->request[peer->have] = '\0';
        took = peer->kind == KIND_HTTP ? take_request(fd, peer) : take_handshake(fd, peer);
        peer->have -= took;
        memmove(peer->request, peer->request + took, peer->have);
    }
    if (peer->kind == KIND_CLIENT) {
        free(peer->request);
        peer->request = NULL;
    }
}

static void accept_peer(int listener, int epoll) {
    int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0 || fd >= FDS_MAX) {
        die("accept");
    }
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0) {
        die("epoll");
    }
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: floor PORT\n");
        return 2;
    }
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    alarm(LIFETIME_SECONDS);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int on = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                  .sin_port = htons((uint16_t)strtoul(argv[1], NULL, 10))};
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 1024) != 0) {
        die("listen");
    }
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
