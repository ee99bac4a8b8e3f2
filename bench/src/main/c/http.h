/* Reads HTTP/1.1 answers one after the other, as a stream: with a length, chunked, or without a body. */
#ifndef HTTP_H
#define HTTP_H

#include <stddef.h>
#include <stdint.h>

enum { HTTP_LINE_MAX = 8192 };

enum http_part { HTTP_HEAD, HTTP_BODY, HTTP_CHUNK_SIZE, HTTP_CHUNK, HTTP_CHUNK_END, HTTP_TRAILER };

struct http_answer {
    enum http_part part;
    unsigned status;
    int last;      /* the server closes the connection behind it */
    uint64_t left; /* of the body, or of a chunk */
    size_t have;
    char line[HTTP_LINE_MAX + 1]; /* the head, or a line between chunks */
    /* Where the body goes, for those who want it. */
    char *body;
    size_t body_room;
    size_t body_length;
};

enum http_outcome { HTTP_MORE, HTTP_ANSWER, HTTP_BROKEN };

/* Takes bytes as read, to the end of one answer at most; *used says how many. The body of the next answer begins afresh. */
enum http_outcome http_take(struct http_answer *a, const char *data, size_t length, size_t *used);

/* Why an answer is not understood. */
const char *http_broken(const struct http_answer *a);

#endif
