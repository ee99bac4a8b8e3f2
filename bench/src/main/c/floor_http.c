#include "fail.h"
#include "floor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define ACCEPTED "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"

/* The answer to the one key that the load side sends. */
#define UPGRADED \
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" \
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"

enum { HEAD_MAX = 32768, SUBPROTOCOL_MAX = 256 };

/* A field of the head, whose lines end in \r\n; its length is 0 where it is missing. */
static const char *field(const char *head, const char *name, size_t *length) {
    const char *at = strcasestr(head, name);
    *length = 0;
    if (at == NULL) {
        return "";
    }
    at += strlen(name) + strspn(at + strlen(name), " ");
    *length = strcspn(at, "\r");
    return at;
}

/* Chooses by the path what the peer is from now on: /raw..., /webpubsub..., or a SignalR client, which says its protocol first. */
static void upgrade(int fd, struct peer *peer, const char *head) {
    char answer[1024];
    size_t length;
    const char *subprotocol = field(head, "\nsec-websocket-protocol:", &length);
    if (length > SUBPROTOCOL_MAX) {
        fail("a subprotocol is longer than %d bytes", SUBPROTOCOL_MAX);
    }
    int size = snprintf(answer, sizeof answer, UPGRADED "%s%.*s%s\r\n", length > 0 ? "Sec-WebSocket-Protocol: " : "",
                        (int)length, subprotocol, length > 0 ? "\r\n" : "");
    if (strncmp(head, "GET /webpubsub", 14) == 0) {
        char connected[128];
        int payload = snprintf(connected, sizeof connected, "{\"type\":\"system\",\"event\":\"connected\",\"connectionId\":\"c%d\"}", fd);
        size += (int)frame_header(answer + size, 1, (size_t)payload);
        memcpy(answer + size, connected, (size_t)payload);
        size += payload;
        peer->kind = KIND_WEBPUBSUB;
    } else {
        peer->kind = strncmp(head, "GET /raw", 8) == 0 ? KIND_RAW : KIND_SHAKING;
    }
    send_all(fd, answer, (size_t)size);
    if (peer->kind != KIND_SHAKING) {
        client_joins(peer, fd);
    }
}

/* The two answers of a negotiation: a service's, and that of an application which sends its client on to one. */
static void negotiate(int fd, const char *path) {
    const char *body = strncmp(path, "/app/", 5) == 0
                           ? "{\"url\":\"http://localhost/client/?hub=bench\",\"accessToken\":\"token\",\"availableTransports\":[]}"
                           : "{\"negotiateVersion\":1,\"connectionId\":\"id\",\"connectionToken\":\"secret\",\"availableTransports\":[]}";
    char answer[512];
    int size = snprintf(answer, sizeof answer, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                        strlen(body), body);
    send_all(fd, answer, (size_t)size);
}

size_t take_request(int fd, struct peer *peer, const char *bytes, size_t have) {
    const char *end = memmem(bytes, have, "\r\n\r\n", 4);
    if (end == NULL) {
        if (have > HEAD_MAX) {
            fail("the head of a request is longer than %d bytes", HEAD_MAX);
        }
        return 0;
    }
    size_t head_length = (size_t)(end - bytes) + 4;
    static char head[HEAD_MAX + 1];
    if (head_length > HEAD_MAX) {
        fail("the head of a request is longer than %d bytes", HEAD_MAX);
    }
    memcpy(head, bytes, head_length);
    head[head_length] = '\0';
    size_t digits;
    const char *text = field(head, "\ncontent-length:", &digits);
    size_t length = digits == 0 ? 0 : strtoul(text, NULL, 10);
    if (strncmp(head, "GET ", 4) == 0) {
        upgrade(fd, peer, head);
        return head_length;
    }
    if (strncmp(head, "POST ", 5) != 0 || length > BODY_MAX) {
        fail("a request it does not know: %.*s", (int)strcspn(head, "\r"), head);
    }
    if (have < head_length + length) {
        return 0;
    }
    const char *path = head + 5;
    size_t path_length = strcspn(path, " ?");
    if (path_length >= 10 && strncmp(path + path_length - 10, "/negotiate", 10) == 0) {
        negotiate(fd, path);
        return head_length + length;
    }
    /* Answered first, as a server does that accepts before it delivers. */
    send_all(fd, ACCEPTED, sizeof ACCEPTED - 1);
    if (!publish(path, bytes + head_length, length)) {
        fail("a request it does not know: %.*s", (int)strcspn(head, "\r"), head);
    }
    return head_length + length;
}
