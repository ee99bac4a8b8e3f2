#include "sequence.h"

static int is_digit(uint8_t byte) { return (uint8_t)(byte - '0') <= 9; }

void sequence_scan(struct sequence *s, const uint8_t *data, size_t length) {
    size_t i = 0;
    while (i < length && !s->found) {
        /* A run of eight that begins in the next eight bytes holds the last of them: mostly one look at eight bytes is enough. */
        if (s->run == 0 && length - i >= SEQUENCE_DIGITS && !is_digit(data[i + SEQUENCE_DIGITS - 1])) {
            i += SEQUENCE_DIGITS;
            continue;
        }
        if (is_digit(data[i])) {
            s->value = (uint32_t)((s->value * 10ULL + (data[i] - '0')) % SEQUENCE_NUMBERS);
            s->run++;
        } else if (s->run >= SEQUENCE_DIGITS) {
            s->found = 1;
        } else {
            s->run = 0;
            s->value = 0;
        }
        i++;
    }
}

uint32_t sequence_end(struct sequence *s) {
    uint32_t value = s->found || s->run >= SEQUENCE_DIGITS ? s->value : SEQUENCE_NONE;
    *s = (struct sequence){0};
    return value;
}

size_t sequence_place(const char *body, size_t length) {
    size_t run = 0;
    for (size_t i = 0; i <= length; i++) {
        int zero = i < length && body[i] == '0';
        if (!zero && run == SEQUENCE_DIGITS) {
            return i - SEQUENCE_DIGITS;
        }
        run = zero ? run + 1 : 0;
    }
    return SIZE_MAX;
}

void sequence_write(char *place, uint32_t number) {
    for (int i = SEQUENCE_DIGITS - 1; i >= 0; i--, number /= 10) {
        place[i] = (char)('0' + number % 10);
    }
}
