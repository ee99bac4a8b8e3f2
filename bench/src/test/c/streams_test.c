/*
 * The readers of streams, fed with the same bytes cut in every way: what they count must not depend on how the network cuts. Compiled
 * with the load side's own sources and run by ../sh/load-test.
 */
#include "fail.h"
#include "frames.h"
#include "http.h"
#include "sequence.h"

#include <stdio.h>
#include <string.h>

const char *const program = "streams-test";

enum { NUMBERS_MAX = 8 };

struct seen {
    uint32_t number[NUMBERS_MAX];
    uint32_t count;
};

static void delivered(void *context, uint32_t sequence) {
    struct seen *seen = context;
    if (seen->count == NUMBERS_MAX) {
        fail("more deliveries than any stream has");
    }
    seen->number[seen->count++] = sequence;
}

struct stream_case {
    const char *name;
    enum dialect dialect;
    const char *bytes;
    size_t length;
    uint32_t deliveries;
    uint32_t others;
    uint32_t asked;
    uint32_t first; /* the first delivery's number; the others count on from it */
};

#define STREAM(text) (text), sizeof(text) - 1

static const struct stream_case streams[] = {
    {"raw", DIALECT_RAW, STREAM("\x81\x0a" "x00000041y" "\x81\x08" "00000042"), 2, 0, 0, 41},
    {"raw in fragments, a ping between them", DIALECT_RAW, STREAM("\x01\x05" "x0000" "\x89\x02" "hi" "\x80\x05" "0043y" "\x82\x08" "00000044"), 2, 0, 0, 43},
    {"raw without a number", DIALECT_RAW, STREAM("\x81\x09" "x0000043y" "\x81\x00"), 2, 0, 0, SEQUENCE_NONE},
    {"signalr json", DIALECT_SIGNALR_JSON,
     STREAM("\x81\x29" "{\"type\":1,\"a\":[\"00000007\"]}\x1e" "{\"type\":6}\x1e\x20\x1e" "\x81\x1c" "{\"type\":1,\"a\":[\"00000008\"]}\x1e"), 2, 2, 0, 7},
    {"signalr messagepack, of which a length looks like a digit", DIALECT_SIGNALR_MSGPACK,
     STREAM("\x82\x3d" "\x0b\x96\x01\xa8" "00000012" "\x02\x91\x06" "\x2d\x96\x01\xd9\x32" "00000013" "wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww"), 2, 1, 0, 12},
    {"web pubsub", DIALECT_WEBPUBSUB,
     STREAM("\x81\x24" "{\"type\":\"message\",\"data\":\"00000021\"}" "\x81\x0f" "{\"type\":\"pong\"}" "\x81\x24" "{\"type\":\"message\",\"data\":\"00000022\"}"), 2, 1, 0, 21},
    {"socket.io", DIALECT_SOCKETIO, STREAM("\x81\x01" "2" "\x81\x12" "42[\"m\",\"00000031\"]" "\x81\x01" "6" "\x81\x12" "42[\"m\",\"00000032\"]"), 2, 2, 1, 31},
    {"nats, messages across frames", DIALECT_NATS,
     STREAM("\x82\x14" "MSG b 1 10\r\nx0000005" "\x82\x1d" "1y\r\nPING\r\nMSG b 1 8\r\n00000052" "\x82\x02" "\r\n"), 2, 1, 1, 51},
    {"a frame with a 16-bit length", DIALECT_RAW,
     STREAM("\x81\x7e\x00\x80" "00000061" "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"), 1, 0, 0, 61},
};

/* Takes the bytes as two reads and counts the way a client does. */
static void take_cut(const struct stream_case *c, size_t cut) {
    struct stream stream = {0};
    struct seen seen = {0};
    struct sink sink = {.delivered = delivered, .context = &seen};
    const size_t ends[] = {cut, c->length};
    size_t at = 0;
    for (int part = 0; part < 2; part++) {
        while (at < ends[part]) {
            size_t used;
            enum outcome outcome = stream_take(&stream, c->dialect, (const uint8_t *)c->bytes + at, ends[part] - at, &used, &sink);
            at += used;
            if (outcome != STREAM_OK && outcome != STREAM_PING) {
                fail("%s, cut at %zu: broken at byte %zu", c->name, cut, at);
            }
        }
    }
    if (seen.count != c->deliveries || sink.totals.others != c->others || stream.messages.asked != c->asked) {
        fail("%s, cut at %zu: %u deliveries, %llu others, %u asked", c->name, cut, seen.count,
             (unsigned long long)sink.totals.others, stream.messages.asked);
    }
    for (uint32_t i = 0; i < seen.count; i++) {
        uint32_t wanted = c->first == SEQUENCE_NONE ? SEQUENCE_NONE : c->first + i;
        if (seen.number[i] != wanted) {
            fail("%s, cut at %zu: delivery %u has number %u", c->name, cut, i, seen.number[i]);
        }
    }
}

static const struct {
    const char *name;
    const char *bytes;
    const char *statuses; /* of all answers, one behind the other; "!" at the end where the rest is refused */
    const char *body;     /* of the last one */
} answers[] = {
    {"length", "HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "202 200 ", "hello"},
    {"chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nhel\r\n2\r\nlo\r\n0\r\nTrailer: t\r\n\r\nHTTP/1.1 204 No\r\n\r\n"
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nho\r\n0\r\n\r\n", "200 204 200 ", "ho"},
    {"continue", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno", "404 ", "no"},
    {"no length", "HTTP/1.1 200 OK\r\nServer: x\r\n\r\nhello", "!", ""},
    {"no HTTP", "HTTP/2 200\r\n\r\n", "!", ""},
    {"not chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nhello\r\n", "!", ""},
    {"a chunk that goes on", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n", "!", "he"},
};

static void answer_cut(unsigned a, size_t cut) {
    char body[64];
    char statuses[64] = "";
    struct http_answer answer = {.body = body, .body_room = sizeof body};
    const char *bytes = answers[a].bytes;
    const size_t ends[] = {cut, strlen(bytes)};
    size_t at = 0;
    int broken = 0;
    for (int part = 0; part < 2; part++) {
        while (at < ends[part] && !broken) {
            size_t used;
            enum http_outcome outcome = http_take(&answer, bytes + at, ends[part] - at, &used);
            at += used;
            broken = outcome == HTTP_BROKEN;
            if (outcome == HTTP_ANSWER) {
                sprintf(statuses + strlen(statuses), "%u ", answer.status);
            }
        }
    }
    strcat(statuses, broken ? "!" : "");
    if (strcmp(statuses, answers[a].statuses) != 0 || answer.body_length != strlen(answers[a].body)
        || memcmp(body, answers[a].body, answer.body_length) != 0) {
        fail("answer %s, cut at %zu: %s, body %.*s", answers[a].name, cut, statuses, (int)answer.body_length, body);
    }
}

static void place(const char *body, size_t wanted) {
    size_t at = sequence_place(body, strlen(body));
    if (at != wanted) {
        fail("the number's place in %s: %zu", body, at);
    }
}

int main(void) {
    for (unsigned i = 0; i < sizeof streams / sizeof *streams; i++) {
        for (size_t cut = 0; cut <= streams[i].length; cut++) {
            take_cut(&streams[i], cut);
        }
    }
    for (unsigned i = 0; i < sizeof answers / sizeof *answers; i++) {
        for (size_t cut = 0; cut <= strlen(answers[i].bytes); cut++) {
            answer_cut(i, cut);
        }
    }
    place("00000000", 0);
    place("x000000000 00000000", 11);
    place("x0000000y", SIZE_MAX);
    return 0;
}
