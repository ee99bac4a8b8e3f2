#include "requests.h"

#include "clients.h"
#include "fail.h"
#include "records.h"
#include "sequence.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REQUEST_MAX = 1 << 20 };

/* What is being written: a request with its placeholders replaced. */
struct text {
    char bytes[REQUEST_MAX];
    size_t length;
};

static void append(struct text *t, const char *bytes, size_t length) {
    if (t->length + length > REQUEST_MAX) {
        fail("a request is longer than %d bytes", REQUEST_MAX);
    }
    memcpy(t->bytes + t->length, bytes, length);
    t->length += length;
}

static void write_ids(struct text *out, const char *bytes, size_t length, const struct clients *clients) {
    out->length = 0;
    for (;;) {
        const char *at = memmem(bytes, length, "{id:", 4);
        if (at == NULL) {
            append(out, bytes, length);
            return;
        }
        char *end;
        unsigned long client = strtoul(at + 4, &end, 10);
        const char *id = *end == '}' ? clients_id(clients, (uint32_t)client) : NULL;
        if (id == NULL) {
            fail("no connection id for %.*s (ids need --expect-id yes, and clients that are open)", (int)(end - at) + 1, at);
        }
        append(out, bytes, (size_t)(at - bytes));
        append(out, id, strlen(id));
        length -= (size_t)(end + 1 - bytes);
        bytes = end + 1;
    }
}

static void write_length(struct text *out, const char *bytes, size_t length) {
    out->length = 0;
    const char *end = memmem(bytes, length, "\r\n\r\n", 4);
    const char *at = end == NULL ? NULL : memmem(bytes, (size_t)(end - bytes), "{length}", 8);
    if (at != NULL) {
        char digits[24];
        size_t body = length - (size_t)(end + 4 - bytes);
        append(out, bytes, (size_t)(at - bytes));
        append(out, digits, (size_t)snprintf(digits, sizeof digits, "%zu", body));
        length -= (size_t)(at + 8 - bytes);
        bytes = at + 8;
    }
    append(out, bytes, length);
}

static struct request request_of(const struct record *record, int http, const struct clients *clients) {
    static struct text ids;
    static struct text all;
    write_ids(&ids, record->bytes, record->length, clients);
    write_length(&all, ids.bytes, ids.length);
    size_t body = 0;
    if (http) {
        const char *end = memmem(all.bytes, all.length, "\r\n\r\n", 4);
        if (end == NULL) {
            fail("a request has no end of its head");
        }
        body = (size_t)(end + 4 - all.bytes);
    }
    size_t place = sequence_place(all.bytes + body, all.length - body);
    char *bytes = zeroed(all.length, 1);
    memcpy(bytes, all.bytes, all.length);
    return (struct request){
        .bytes = bytes, .length = all.length, .sequence_at = place == SIZE_MAX ? SIZE_MAX : body + place};
}

struct requests requests_read(const char *path, int http, uint32_t each, const struct clients *clients) {
    struct records records = records_read(path);
    struct requests r = {
        .list = zeroed(records.count, sizeof *r.list), .count = records.count, .http = http, .each = each};
    for (uint32_t i = 0; i < records.count; i++) {
        r.list[i] = request_of(&records.list[i], http, clients);
        if (each > 0 && r.list[i].sequence_at == SIZE_MAX) {
            fail("%s: the body of request %u has no place (%s) for its number", path, i, SEQUENCE_PLACE);
        }
    }
    records_free(&records);
    return r;
}

void requests_free(struct requests *r) {
    for (uint32_t i = 0; i < r->count; i++) {
        free(r->list[i].bytes);
    }
    free(r->list);
    *r = (struct requests){0};
}
