#include "http.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The value of a head's field, NULL where there is none. */
static const char *field(const char *head, const char *name) {
    const char *at = strcasestr(head, name);
    return at == NULL ? NULL : at + strlen(name) + strspn(at + strlen(name), " \t");
}

static enum http_outcome head_ends(struct http_answer *a) {
    if (strncmp(a->line, "HTTP/1.1 ", 9) != 0) {
        return HTTP_BROKEN;
    }
    a->status = (unsigned)strtoul(a->line + 9, NULL, 10);
    a->have = 0;
    a->body_length = 0;
    if (a->status < 200) {
        return HTTP_MORE; /* the answer proper follows */
    }
    const char *connection = field(a->line, "\nconnection:");
    a->last = connection != NULL && strncasecmp(connection, "close", 5) == 0;
    const char *encoding = field(a->line, "\ntransfer-encoding:");
    const char *length = field(a->line, "\ncontent-length:");
    if (a->status == 204 || a->status == 304) {
        return HTTP_ANSWER;
    }
    if (encoding != NULL) {
        a->part = HTTP_CHUNK_SIZE;
        return strncasecmp(encoding, "chunked", 7) == 0 ? HTTP_MORE : HTTP_BROKEN;
    }
    if (length == NULL) {
        return HTTP_BROKEN; /* would end with the connection */
    }
    a->left = strtoull(length, NULL, 10);
    a->part = a->left > 0 ? HTTP_BODY : HTTP_HEAD;
    return a->left > 0 ? HTTP_MORE : HTTP_ANSWER;
}

/* A line between chunks is complete. */
static enum http_outcome line_ends(struct http_answer *a) {
    size_t length = a->have;
    a->have = 0;
    if (a->part == HTTP_CHUNK_SIZE) {
        char *end;
        a->left = strtoull(a->line, &end, 16);
        a->part = a->left > 0 ? HTTP_CHUNK : HTTP_TRAILER;
        return end == a->line ? HTTP_BROKEN : HTTP_MORE;
    }
    if (a->part == HTTP_CHUNK_END) {
        a->part = HTTP_CHUNK_SIZE;
        return length == 2 ? HTTP_MORE : HTTP_BROKEN;
    }
    a->part = length == 2 ? HTTP_HEAD : HTTP_TRAILER;
    return length == 2 ? HTTP_ANSWER : HTTP_MORE;
}

static enum http_outcome take_byte(struct http_answer *a, char byte) {
    if (a->have == HTTP_LINE_MAX) {
        return HTTP_BROKEN;
    }
    a->line[a->have++] = byte;
    a->line[a->have] = '\0';
    if (a->part == HTTP_HEAD) {
        int complete = byte == '\n' && a->have >= 4 && memcmp(a->line + a->have - 4, "\r\n\r\n", 4) == 0;
        return complete ? head_ends(a) : HTTP_MORE;
    }
    return byte == '\n' ? line_ends(a) : HTTP_MORE;
}

static enum http_outcome take_body(struct http_answer *a, const char *data, size_t length) {
    size_t room = a->body_room - a->body_length;
    size_t kept = length < room ? length : room;
    if (kept > 0) {
        memcpy(a->body + a->body_length, data, kept);
        a->body_length += kept;
    }
    a->left -= length;
    if (a->left > 0) {
        return HTTP_MORE;
    }
    int chunk = a->part == HTTP_CHUNK;
    a->part = chunk ? HTTP_CHUNK_END : HTTP_HEAD;
    return chunk ? HTTP_MORE : HTTP_ANSWER;
}

enum http_outcome http_take(struct http_answer *a, const char *data, size_t length, size_t *used) {
    size_t at = 0;
    enum http_outcome outcome = HTTP_MORE;
    while (at < length && outcome == HTTP_MORE) {
        if (a->part == HTTP_BODY || a->part == HTTP_CHUNK) {
            size_t part = length - at < a->left ? length - at : (size_t)a->left;
            outcome = take_body(a, data + at, part);
            at += part;
        } else {
            outcome = take_byte(a, data[at++]);
        }
    }
    *used = at;
    return outcome;
}

const char *http_broken(const struct http_answer *a) {
    if (a->have == HTTP_LINE_MAX) {
        return "the head of an answer is too long";
    }
    if (a->part == HTTP_HEAD && a->status != 0) {
        return "an answer without a length, whose body would end with the connection";
    }
    return a->part == HTTP_HEAD ? "not an HTTP/1.1 answer" : "not a chunked body";
}
