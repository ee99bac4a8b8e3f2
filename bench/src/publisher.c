#include "publisher.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>

static void die(const char *what) {
    fprintf(stderr, "publisher: %s\n", what);
    exit(1);
}

static int connect_to(uint16_t port) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(port)};
    int on = 1;
    if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) != 0) {
        die(strerror(errno));
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

void publisher_init(struct publisher *p, const struct publisher_options *options, int epoll, uint32_t first_event) {
    memset(p, 0, sizeof *p);
    p->options = *options;
    int length = snprintf(p->request, sizeof p->request,
                          "POST %s HTTP/1.1\r\nHost: localhost:%u\r\nContent-Type: application/json\r\n%s%s%s"
                          "Content-Length: %zu\r\n\r\n%s",
                          options->path, options->port, options->token == NULL ? "" : "Authorization: Bearer ",
                          options->token == NULL ? "" : options->token, options->token == NULL ? "" : "\r\n",
                          strlen(options->body), options->body);
    const char *body = strstr(p->request, "\r\n\r\n");
    if (length >= (int)sizeof p->request || body == NULL || strstr(body, BODY_SEQUENCE) == NULL) {
        die("the request is too long, or its body has no place for the sequence number");
    }
    p->request_length = (size_t)length;
    p->sequence = strstr(p->request + (body - p->request), BODY_SEQUENCE);
    for (unsigned k = 0; k < PUBLISHER_CONNECTIONS; k++) {
        p->fd[k] = connect_to(options->port);
        struct epoll_event event = {.events = EPOLLIN, .data.u32 = first_event + k};
        if (epoll_ctl(epoll, EPOLL_CTL_ADD, p->fd[k], &event) != 0) {
            die(strerror(errno));
        }
    }
}

void publisher_plan(struct publisher *p, uint64_t begin_us, double rate, uint64_t messages) {
    p->begin_us = begin_us;
    p->gap_us = 1e6 / rate;
    p->planned = messages;
    p->done = 0;
    memset(&p->lateness, 0, sizeof p->lateness);
}

uint64_t publisher_due(const struct publisher *p) {
    return p->done == p->planned ? UINT64_MAX : p->begin_us + (uint64_t)((double)p->done * p->gap_us);
}

static unsigned least_waiting(const struct publisher *p) {
    unsigned best = 0;
    for (unsigned k = 1; k < PUBLISHER_CONNECTIONS; k++) {
        if (p->answer[k].waiting < p->answer[best].waiting) {
            best = k;
        }
    }
    return best;
}

void publisher_send(struct publisher *p, uint64_t now) {
    for (uint64_t due = publisher_due(p); due <= now; due = publisher_due(p)) {
        unsigned k = least_waiting(p);
        char digits[sizeof BODY_SEQUENCE];
        snprintf(digits, sizeof digits, "%08u", (unsigned)(p->sent % 100000000));
        memcpy(p->sequence, digits, strlen(BODY_SEQUENCE));
        /* Noted before sending: the first deliveries may be here before send() returns. */
        p->intended[p->sent++ % PUBLISHER_RING] = due;
        if (send(p->fd[k], p->request, p->request_length, MSG_NOSIGNAL) != (ssize_t)p->request_length) {
            die("the server takes no more requests");
        }
        p->answer[k].waiting++;
        p->done++;
        latency_add(&p->lateness, now - due, 1);
    }
}

/* The head of an answer is complete: its status counts, and its body is to be skipped. */
static void head_ends(struct publisher *p, struct answer *a) {
    p->answered++;
    a->waiting--;
    if (strncmp(a->head, "HTTP/1.1 2", 10) != 0 && p->refused++ == 0) {
        fprintf(stderr, "publisher: refused (the first): %s", a->head);
    }
    if (strcasestr(a->head, "\ntransfer-encoding:") != NULL) {
        die("answers with a chunked body are not understood");
    }
    const char *length = strcasestr(a->head, "\ncontent-length:");
    a->body_left = length == NULL ? 0 : strtoull(length + 16, NULL, 10);
    a->head_have = 0;
}

void publisher_read(struct publisher *p, unsigned k) {
    char data[16384];
    struct answer *a = &p->answer[k];
    ssize_t got = recv(p->fd[k], data, sizeof data, MSG_DONTWAIT);
    if (got < 0 && errno == EAGAIN) {
        return;
    }
    if (got <= 0) {
        die("the server closed a publishing connection");
    }
    for (ssize_t at = 0; at < got;) {
        if (a->body_left > 0) {
            uint64_t part = (uint64_t)(got - at) < a->body_left ? (uint64_t)(got - at) : a->body_left;
            a->body_left -= part;
            at += (ssize_t)part;
            continue;
        }
        if (a->head_have + 1 == sizeof a->head) {
            die("the head of an answer is too long");
        }
        a->head[a->head_have++] = data[at++];
        a->head[a->head_have] = '\0';
        if (a->head_have >= 4 && memcmp(a->head + a->head_have - 4, "\r\n\r\n", 4) == 0) {
            head_ends(p, a);
        }
    }
}
