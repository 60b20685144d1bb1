/*
 * json_scan: find what ends or interrupts a JSON string, inline.
 *
 * As in base/scan.h: with SSE2 16 bytes are looked at together, up to SCAN_SLACK bytes past `end`;
 * elsewhere the portable twin does it byte by byte.
 */
#ifndef PARSER_JSON_SCAN_H
#define PARSER_JSON_SCAN_H

#include "base/scan.h"

/* The first '"', backslash or byte under 0x20 in [at, end), or `end`. Never reads past it. */
static inline const char *json_scan_portable(const char *at, const char *end)
{
    while (at < end && *at != '"' && *at != '\\' && (unsigned char)*at >= 0x20)
        at++;
    return at;
}

#ifdef __SSE2__
static inline const char *json_scan(const char *at, const char *end)
{
    const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\');
    const __m128i last_control = _mm_set1_epi8(0x1f);
    for (; at < end; at += 16) {
        __m128i got = _mm_loadu_si128((const __m128i *)(const void *)at);
        __m128i is_control = _mm_cmpeq_epi8(_mm_max_epu8(got, last_control), last_control);
        __m128i is_mark = _mm_or_si128(_mm_cmpeq_epi8(got, quote), _mm_cmpeq_epi8(got, backslash));
        int hits = _mm_movemask_epi8(_mm_or_si128(is_mark, is_control));
        if (hits) {
            at += __builtin_ctz((unsigned)hits);
            return at < end ? at : end;
        }
    }
    return end;
}
#else
static inline const char *json_scan(const char *at, const char *end)
{
    return json_scan_portable(at, end);
}
#endif

#endif
