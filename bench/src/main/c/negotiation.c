#include "negotiation.h"

#include "fail.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { URL_MAX = 8192 };

#define NEGOTIATE "negotiate"

size_t negotiation_request(char *out, size_t room, const struct upgrade *negotiate, uint16_t port) {
    int length = snprintf(out, room, "POST %s HTTP/1.1\r\nHost: localhost:%u\r\n%s%s%sContent-Length: 0\r\n\r\n", negotiate->path, port,
                          negotiate->token == NULL ? "" : "Authorization: Bearer ",
                          negotiate->token == NULL ? "" : negotiate->token, negotiate->token == NULL ? "" : "\r\n");
    if (length >= (int)room) {
        fail("the request to negotiate is too long");
    }
    return (size_t)length;
}

/* One character of a JSON string, which may be escaped; \u only as far as ASCII, as URLs and tokens are. */
static char character(const char **at) {
    const char *from = *at;
    if (from[0] != '\\') {
        *at = from + 1;
        return from[0];
    }
    if (from[1] == 'u' && strlen(from) >= 6) {
        char digits[5] = {from[2], from[3], from[4], from[5]};
        *at = from + 6;
        return (char)strtoul(digits, NULL, 16);
    }
    *at = from[1] == '\0' ? from + 1 : from + 2;
    return from[1];
}

/* The string member of the given name; false where there is none, or it is too long. */
static int member(const char *json, const char *name, char *value, size_t room) {
    char quoted[64];
    snprintf(quoted, sizeof quoted, "\"%s\":\"", name);
    const char *at = strstr(json, quoted);
    if (at == NULL) {
        return 0;
    }
    at += strlen(quoted);
    for (size_t i = 0; *at != '\0' && i + 1 < room; i++) {
        if (*at == '"') {
            value[i] = '\0';
            return 1;
        }
        value[i] = character(&at);
    }
    return 0;
}

/* The request target in a URL of http or ws. */
static const char *target_of(const char *url) {
    const char *host = strstr(url, "://");
    return host == NULL ? NULL : strchr(host + 3, '/');
}

int negotiation_answer(const char *json, const struct upgrade *negotiate, struct upgrade *upgrade, char *text) {
    char url[URL_MAX];
    char id[512];
    char *path = text;
    char *token = text + NEGOTIATION_MAX / 2;
    *upgrade = (struct upgrade){.path = path, .token = token};
    if (member(json, "url", url, sizeof url)) {
        const char *target = target_of(url);
        if (target == NULL || !member(json, "accessToken", token, NEGOTIATION_MAX / 2)) {
            return 0;
        }
        snprintf(path, URL_MAX, "%s", target);
    } else {
        const char *at = strstr(negotiate->path, "/" NEGOTIATE);
        if (at == NULL) {
            return 0;
        }
        at++;
        snprintf(path, URL_MAX, "%.*s%s", (int)(at - negotiate->path), negotiate->path, at + strlen(NEGOTIATE));
        upgrade->token = negotiate->token;
    }
    int has_id = strstr(path, "?id=") != NULL || strstr(path, "&id=") != NULL;
    if (!has_id && (member(json, "connectionToken", id, sizeof id) || member(json, "connectionId", id, sizeof id))) {
        size_t length = strlen(path);
        snprintf(path + length, URL_MAX - length, "%cid=%s", strchr(path, '?') == NULL ? '?' : '&', id);
        has_id = 1;
    }
    return has_id || upgrade->token == token;
}
