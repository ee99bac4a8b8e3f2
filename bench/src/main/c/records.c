#include "records.h"

#include "fail.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct record whole_file(const char *path) {
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        fail("%s: %s", path, strerror(errno));
    }
    struct record all = {.bytes = NULL};
    size_t room = 0;
    size_t got;
    do {
        room = room == 0 ? 65536 : room * 2;
        all.bytes = realloc(all.bytes, room + 1);
        if (all.bytes == NULL) {
            fail("%s: no memory", path);
        }
        got = fread(all.bytes + all.length, 1, room - all.length, file);
        all.length += got;
    } while (all.length == room);
    fclose(file);
    all.bytes[all.length] = '\0';
    return all;
}

struct records records_read(const char *path) {
    struct record file = whole_file(path);
    struct records r = {.list = NULL};
    for (size_t at = 0; at < file.length;) {
        char *end;
        unsigned long length = strtoul(file.bytes + at, &end, 10);
        size_t from = (size_t)(end - file.bytes) + 1;
        if (*end != '\n' || length == 0 || from + length > file.length) {
            fail("%s: no length and so many bytes at byte %zu", path, at);
        }
        if ((r.count & (r.count + 1)) == 0) { /* full at each power of two, less one */
            r.list = realloc(r.list, (2 * ((size_t)r.count + 1)) * sizeof *r.list);
            if (r.list == NULL) {
                fail("%s: no memory", path);
            }
        }
        char *copy = zeroed(length + 1, 1);
        memcpy(copy, file.bytes + from, length);
        r.list[r.count++] = (struct record){.bytes = copy, .length = length};
        at = from + length;
    }
    free(file.bytes);
    if (r.count == 0) {
        fail("%s: no record", path);
    }
    return r;
}

void records_free(struct records *r) {
    for (uint32_t i = 0; i < r->count; i++) {
        free(r->list[i].bytes);
    }
    free(r->list);
    *r = (struct records){0};
}

/* The next word of a line, which is cut off there. */
static const char *next_word(char **rest) {
    const char *word = strsep(rest, "\t");
    return word == NULL || *word == '\0' || strcmp(word, "-") == 0 ? NULL : word;
}

struct upgrades upgrades_read(const char *path) {
    struct record file = whole_file(path);
    struct upgrades u = {.text = file.bytes};
    uint32_t lines = 1;
    for (size_t i = 0; i < file.length; i++) {
        lines += file.bytes[i] == '\n';
    }
    u.list = zeroed(lines, sizeof *u.list);
    char *rest = file.bytes;
    for (char *line; (line = strsep(&rest, "\n")) != NULL;) {
        if (*line == '\0') {
            continue;
        }
        struct upgrade *upgrade = &u.list[u.count++];
        upgrade->path = next_word(&line);
        upgrade->token = next_word(&line);
        upgrade->subprotocol = next_word(&line);
        upgrade->subject = next_word(&line);
        if (upgrade->path == NULL || upgrade->path[0] != '/') {
            fail("%s: line %u has no path", path, u.count);
        }
    }
    if (u.count == 0) {
        fail("%s: no line", path);
    }
    return u;
}

void upgrades_free(struct upgrades *u) {
    free(u->list);
    free(u->text);
    *u = (struct upgrades){0};
}
