/* The one way to stop: what went wrong on standard error, and exit status 1. */
#ifndef FAIL_H
#define FAIL_H

#include <stddef.h>

_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same with the text of errno behind it. */
_Noreturn void fail_errno(const char *what);

/* What it is for belongs to the program: "load" or "floor". */
extern const char *const program;

/* calloc that stops the program where there is no memory. */
void *zeroed(size_t count, size_t size);

#endif
