/* POST negotiate, and what its answer says about the upgrade that follows. */
#ifndef NEGOTIATION_H
#define NEGOTIATION_H

#include "records.h"

#include <stddef.h>
#include <stdint.h>

enum { NEGOTIATION_MAX = 16384 };

/* The request for the given path and token; its length. */
size_t negotiation_request(char *out, size_t room, const struct upgrade *negotiate, uint16_t port);

/*
 * The upgrade as the answer's JSON has it: url and accessToken where it sends the client on, otherwise the path without "negotiate" and
 * the same token; and the connection's token, or else its id, as id in the query where it has none. The texts are written to `text`
 * (NEGOTIATION_MAX bytes). False where the answer is no such thing.
 */
int negotiation_answer(const char *json, const struct upgrade *negotiate, struct upgrade *upgrade, char *text);

#endif
