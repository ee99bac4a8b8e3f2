/*
 * The sequence number in a message: the first run of eight or more digits, of which the last eight count. (In MessagePack the byte
 * before a string is its length, which may look like a digit.) Found as a stream, as a message may come in several reads.
 */
#ifndef SEQUENCE_H
#define SEQUENCE_H

#include <stddef.h>
#include <stdint.h>

#define SEQUENCE_PLACE "00000000" /* what a published body has where the number goes */

enum { SEQUENCE_DIGITS = 8, SEQUENCE_NUMBERS = 100000000 };

#define SEQUENCE_NONE UINT32_MAX

struct sequence {
    uint32_t value;
    uint16_t run; /* digits in a row so far */
    uint8_t found;
};

void sequence_scan(struct sequence *s, const uint8_t *data, size_t length);

/* At the end of a message: its number or SEQUENCE_NONE. Ready for the next message then. */
uint32_t sequence_end(struct sequence *s);

/* Where the number goes in a body that will be published, SIZE_MAX when it has no place: a run of exactly eight zeros. */
size_t sequence_place(const char *body, size_t length);

/* Writes the number's eight digits. */
void sequence_write(char *place, uint32_t number);

#endif
