/*
 * The gzip files are made by zlib's deflate or written out byte by byte (RFC 1951, RFC 1952); what
 * a cut file still gives is what zlib's inflate makes of the same bytes.
 */
#include "parser/source.h"

#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#include "base/memory.h"
#include "parser/inflate.h"
#include "source_fixture.h"

enum { FHCRC = 2, FEXTRA = 4, FNAME = 8, FCOMMENT = 16 };

/* Making gzip. */

static void add_header(struct bytes *file, char flags)
{
    bytes_add(file, (char[]){'\x1f', '\x8b', 8, flags, 0, 0, 0, 0, 0, 3}, 10);
}

static void add_deflated(struct bytes *file, struct slice content, int level, int strategy)
{
    z_stream stream = {0};
    ck_assert(deflateInit2(&stream, level, Z_DEFLATED, -15, 8, strategy) == Z_OK);
    size_t bound = deflateBound(&stream, content.size);
    unsigned char *out = mem_alloc(bound);
    stream.next_in = (Bytef *)(uintptr_t)content.at;
    stream.avail_in = (uInt)content.size;
    stream.next_out = out;
    stream.avail_out = (uInt)bound;
    ck_assert(deflate(&stream, Z_FINISH) == Z_STREAM_END);
    bytes_add(file, out, bound - stream.avail_out);
    deflateEnd(&stream);
    mem_free(out);
}

static void add_u32(struct bytes *file, uint32_t value)
{
    for (int i = 0; i < 4; i++, value >>= 8)
        bytes_add(file, (char[]){(char)(value & 0xff)}, 1);
}

static uint32_t crc_of(struct slice content)
{
    return (uint32_t)crc32(0, (const Bytef *)content.at, (uInt)content.size);
}

static void add_trailer(struct bytes *file, struct slice content)
{
    add_u32(file, crc_of(content));
    add_u32(file, (uint32_t)content.size);
}

/* One row: a file, and what it gives. */

struct sample {
    struct bytes file, expected;
};

static void free_sample(struct sample *sample)
{
    mem_free(sample->file.at);
    mem_free(sample->expected.at);
}

static void add_good(struct sample *sample, size_t lines, uint32_t seed)
{
    size_t before = sample->expected.size;
    add_lines(&sample->expected, lines, seed);
    add_member(&sample->file, slice_from(bytes_slice(&sample->expected), before));
}

static void make_plain(struct sample *sample)
{
    add_lines(&sample->file, 300, 1);
    add_lines(&sample->expected, 300, 1);
}

/* No text and no compression: what it is, the layers above say. */
static void make_random(struct sample *sample)
{
    uint32_t state = 5;
    for (size_t i = 0; i < 70000; i++) {
        char byte = (char)(next_random(&state) >> 9);
        bytes_fill(&sample->file, byte, 1);
    }
    bytes_add(&sample->expected, sample->file.at, sample->file.size);
}

static void make_utf16(struct sample *sample)
{
    bytes_add(&sample->file,
              "\xff\xfe"
              "1\0.\0",
              6);
    bytes_add(&sample->expected, sample->file.at, sample->file.size);
}

/* `printf 'hello\n' | gzip -n`, byte by byte. */
static void make_literal(struct sample *sample)
{
    bytes_add(&sample->file,
              "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcb\x48\xcd\xc9\xc9\xe7\x02\x00"
              "\x20\x30\x3a\x36\x06\x00\x00\x00",
              26);
    bytes_add_text(&sample->expected, "hello\n");
}

static void make_one_member(struct sample *sample)
{
    add_good(sample, 5000, 1);
}

static void make_two_members(struct sample *sample)
{
    add_good(sample, 2, 1);
    add_good(sample, 700, 2);
}

static void make_padded_1(struct sample *sample)
{
    add_good(sample, 2, 1);
    bytes_fill(&sample->file, '\0', 1);
}

static void make_padded_512(struct sample *sample)
{
    add_good(sample, 2, 1);
    bytes_fill(&sample->file, '\0', 512);
}

static void make_padded_between(struct sample *sample)
{
    add_good(sample, 2, 1);
    bytes_fill(&sample->file, '\0', 300000);
    add_good(sample, 2, 2);
    bytes_fill(&sample->file, '\0', 3);
    add_good(sample, 2, 3);
}

static void make_garbage(struct sample *sample)
{
    add_good(sample, 2, 1);
    bytes_add_text(&sample->file, "GARBAGE");
}

static void make_garbage_1(struct sample *sample)
{
    add_good(sample, 2, 1);
    bytes_add_text(&sample->file, "G");
}

static void make_garbage_between(struct sample *sample)
{
    add_good(sample, 2, 1);
    bytes_add_text(&sample->file, "GARBAGE");
    struct sample lost = {0};
    add_good(&lost, 2, 2);
    bytes_add(&sample->file, lost.file.at, lost.file.size);
    free_sample(&lost);
}

static void make_padding_then_garbage(struct sample *sample)
{
    add_good(sample, 2, 1);
    bytes_fill(&sample->file, '\0', 9);
    bytes_add_text(&sample->file, "\x1fG");
}

static void make_half_magic(struct sample *sample)
{
    add_good(sample, 2, 1);
    bytes_add(&sample->file, "\x1f\x8b", 2);
}

static void make_quarter_magic(struct sample *sample)
{
    add_good(sample, 2, 1);
    bytes_add(&sample->file, "\x1f", 1);
}

static void make_wrong_crc(struct sample *sample)
{
    add_good(sample, 3000, 1);
    sample->file.at[sample->file.size - 8] ^= 1;
}

static void make_wrong_length(struct sample *sample)
{
    add_good(sample, 3000, 1);
    sample->file.at[sample->file.size - 4] ^= 1;
}

/* What stands behind a damaged member cannot be trusted to begin where it seems to. */
static void make_wrong_crc_first(struct sample *sample)
{
    make_wrong_crc(sample);
    struct bytes lost = {0};
    add_lines(&lost, 2, 2);
    add_member(&sample->file, bytes_slice(&lost));
    mem_free(lost.at);
}

static void make_header(struct sample *sample, char flags)
{
    add_lines(&sample->expected, 50, 1);
    add_header(&sample->file, flags);
    if (flags & FEXTRA)
        bytes_add(&sample->file,
                  "\x07\x00"
                  "AB\x03\x00\x1f\x8b\x00",
                  9);
    if (flags & FNAME)
        bytes_add(&sample->file, "access.log", 11);
    if (flags & FCOMMENT)
        bytes_add(&sample->file, "\x1f\x8b\x08 of the week", 16);
    if (flags & FHCRC) {
        uint32_t crc = crc_of(bytes_slice(&sample->file));
        bytes_add(&sample->file, (char[]){(char)(crc & 0xff), (char)(crc >> 8 & 0xff)}, 2);
    }
    add_deflated(&sample->file, bytes_slice(&sample->expected), 6, Z_DEFAULT_STRATEGY);
    add_trailer(&sample->file, bytes_slice(&sample->expected));
}

static void make_fextra(struct sample *sample)
{
    make_header(sample, FEXTRA);
}

static void make_fname(struct sample *sample)
{
    make_header(sample, FNAME);
}

static void make_fcomment(struct sample *sample)
{
    make_header(sample, FCOMMENT);
}

static void make_fhcrc(struct sample *sample)
{
    make_header(sample, FHCRC);
}

static void make_all_fields(struct sample *sample)
{
    make_header(sample, 1 | FHCRC | FEXTRA | FNAME | FCOMMENT);
}

static void make_long_name(struct sample *sample, size_t length)
{
    add_header(&sample->file, FNAME);
    bytes_fill(&sample->file, 'n', length);
    bytes_fill(&sample->file, '\0', 1);
    struct bytes text = {0};
    add_lines(&text, 2, 1);
    add_deflated(&sample->file, bytes_slice(&text), 6, Z_DEFAULT_STRATEGY);
    add_trailer(&sample->file, bytes_slice(&text));
    mem_free(text.at);
}

static void make_name_of_1_mib(struct sample *sample)
{
    make_long_name(sample, 1024 * 1024);
    add_lines(&sample->expected, 2, 1);
}

static void make_name_of_4_mib(struct sample *sample)
{
    make_long_name(sample, 4 * 1024 * 1024);
}

static void make_comment_of_4_mib(struct sample *sample)
{
    make_name_of_4_mib(sample);
    sample->file.at[3] = FCOMMENT;
}

/* The extra field's length has 16 bits. */
static void make_extra_of_64_kib(struct sample *sample)
{
    add_lines(&sample->expected, 2, 1);
    add_header(&sample->file, FEXTRA);
    bytes_fill(&sample->file, '\xff', 2 + 65535);
    add_deflated(&sample->file, bytes_slice(&sample->expected), 6, Z_DEFAULT_STRATEGY);
    add_trailer(&sample->file, bytes_slice(&sample->expected));
}

static void make_flags(struct sample *sample, char flags)
{
    add_good(sample, 2, 1);
    sample->file.at[3] = flags;
    sample->expected.size = 0;
}

static void make_reserved_20(struct sample *sample)
{
    make_flags(sample, 0x20);
}

static void make_reserved_80(struct sample *sample)
{
    make_flags(sample, (char)0x80);
}

static void make_other_method(struct sample *sample)
{
    add_good(sample, 2, 1);
    sample->file.at[2] = 7;
    sample->expected.size = 0;
}

static void make_second_reserved(struct sample *sample)
{
    add_good(sample, 2, 1);
    add_header(&sample->file, 0x40);
    bytes_add_text(&sample->file, "more than enough bytes");
}

static void make_empty_member(struct sample *sample)
{
    add_good(sample, 0, 1);
}

/* bgzip writes members of at most 64 KiB with their size in FEXTRA, and an empty one last. */
static void make_bgzip(struct sample *sample)
{
    for (uint32_t i = 0; i < 2000; i++) {
        size_t before = sample->expected.size;
        add_lines(&sample->expected, i == 1999 ? 0 : 1 + i % 5, i + 1);
        struct slice content = slice_from(bytes_slice(&sample->expected), before);
        struct bytes body = {0};
        add_deflated(&body, content, 6, Z_DEFAULT_STRATEGY);
        size_t whole = 10 + 8 + body.size + 8 - 1;
        add_header(&sample->file, FEXTRA);
        bytes_add(&sample->file,
                  (char[]){6, 0, 'B', 'C', 2, 0, (char)(whole & 0xff), (char)(whole >> 8)}, 8);
        bytes_add(&sample->file, body.at, body.size);
        add_trailer(&sample->file, content);
        mem_free(body.at);
    }
}

static void make_deflated(struct sample *sample, int level, int strategy)
{
    add_lines(&sample->expected, 4000, 3);
    add_header(&sample->file, 0);
    add_deflated(&sample->file, bytes_slice(&sample->expected), level, strategy);
    add_trailer(&sample->file, bytes_slice(&sample->expected));
    add_good(sample, 1, 4);
}

static void make_stored(struct sample *sample)
{
    make_deflated(sample, 0, Z_DEFAULT_STRATEGY);
}

static void make_fixed(struct sample *sample)
{
    make_deflated(sample, 6, Z_FIXED);
}

static void make_huffman_only(struct sample *sample)
{
    make_deflated(sample, 6, Z_HUFFMAN_ONLY);
}

static void make_best(struct sample *sample)
{
    make_deflated(sample, 9, Z_DEFAULT_STRATEGY);
}

/* gzip within gzip is decoded once. */
static void make_nested(struct sample *sample)
{
    struct sample inner = {0};
    add_good(&inner, 10, 1);
    bytes_add(&sample->expected, inner.file.at, inner.file.size);
    add_member(&sample->file, bytes_slice(&sample->expected));
    free_sample(&inner);
}

/* A stored block that is not the last, then whatever comes. */
static void add_stored_block(struct sample *sample, const char *text)
{
    size_t size = strlen(text);
    bytes_add(&sample->file, (char[]){0, (char)size, 0, (char)~size, '\xff'}, 5);
    bytes_add(&sample->file, text, size);
    bytes_add(&sample->expected, text, size);
}

static void make_reserved_block(struct sample *sample)
{
    add_header(&sample->file, 0);
    add_stored_block(sample, "a line that is whole\nand one th");
    bytes_add(&sample->file, "\x07 a block of type 3", 19);
}

/* RFC 1951, 3.2.4: the length and its complement must agree. */
static void make_wrong_stored_length(struct sample *sample)
{
    add_header(&sample->file, 0);
    add_stored_block(sample, "a line that is whole\n");
    bytes_add(&sample->file, "\x01\x05\x00\xfa\xfetext", 9);
}

/* Fixed codes: bits 1, 01, then length 3 (0000001), distance 1 (00000), with nothing before. */
static void make_too_far_back(struct sample *sample)
{
    add_header(&sample->file, 0);
    bytes_add(&sample->file, "\x03\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", 12);
}

/* Bits of a deflate stream: Huffman codes go in from their highest bit (RFC 1951, 3.1.1). */
struct bits {
    struct bytes *bytes;
    unsigned used; /* of the last byte; 0: none is begun */
};

static void add_bit(struct bits *bits, unsigned bit)
{
    if (bits->used == 0)
        bytes_fill(bits->bytes, '\0', 1);
    bits->bytes->at[bits->bytes->size - 1] |= (char)(bit << bits->used);
    bits->used = (bits->used + 1) % 8;
}

static void add_code(struct bits *bits, unsigned code, unsigned length)
{
    while (length--)
        add_bit(bits, code >> length & 1);
}

/*
 * Good text, then a block of fixed codes: letters, and a match of 258 bytes with distance code 30,
 * which does not exist (3.2.6). The error stands in the middle of a long input and output.
 */
static void make_bad_distance(struct sample *sample, size_t good, size_t letters)
{
    z_stream stream = {0};
    unsigned char out[4096];
    bytes_fill(&sample->expected, 'g', good);
    ck_assert(deflateInit2(&stream, 0, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    stream.next_in = (Bytef *)sample->expected.at;
    stream.avail_in = (uInt)good;
    add_header(&sample->file, 0);
    do {
        stream.next_out = out;
        stream.avail_out = sizeof out;
        deflate(&stream, Z_FULL_FLUSH);
        bytes_add(&sample->file, out, sizeof out - stream.avail_out);
    } while (stream.avail_out == 0);
    deflateEnd(&stream);
    struct bits bits = {&sample->file, 0};
    add_code(&bits, 6, 3); /* the last block, type 01 from its low bit */
    for (size_t i = 0; i < letters; i++) {
        char letter = (char)('A' + i % 26);
        add_code(&bits, 0x30u + (unsigned)letter, 8);
        bytes_fill(&sample->expected, letter, 1);
    }
    add_code(&bits, 0xc5, 8); /* 285: 258 bytes */
    add_code(&bits, 30, 5);
    bytes_fill(&sample->file, '\0', 64);
}

static void make_bad_distance_early(struct sample *sample)
{
    make_bad_distance(sample, 0, 20);
}

static void make_bad_distance_late(struct sample *sample)
{
    make_bad_distance(sample, 200000, 100);
}

/* Right before the end of a read of 262144 bytes. */
static void make_bad_distance_at_the_edge(struct sample *sample)
{
    make_bad_distance(sample, 261800, 10);
}

static void make_nothing(struct sample *sample)
{
    (void)sample;
}

struct row {
    const char *name;
    void (*make)(struct sample *sample);
    enum source_status status;
    const char *compression;
};

static const struct row rows[] = {
    {"plain.log", make_plain, SOURCE_COMPLETE, "none"},
    {"plain-named.gz", make_plain, SOURCE_COMPLETE, "none"},
    {"random.gz", make_random, SOURCE_COMPLETE, "none"},
    {"utf-16.log", make_utf16, SOURCE_COMPLETE, "none"},
    {"literal.gz", make_literal, SOURCE_COMPLETE, "gzip"},
    {"named-as-plain.log", make_one_member, SOURCE_COMPLETE, "gzip"},
    {"two-members.gz", make_two_members, SOURCE_COMPLETE, "gzip"},
    {"padded-1.gz", make_padded_1, SOURCE_COMPLETE, "gzip"},
    {"padded-512.gz", make_padded_512, SOURCE_COMPLETE, "gzip"},
    {"padded-between.gz", make_padded_between, SOURCE_COMPLETE, "gzip"},
    {"garbage.gz", make_garbage, SOURCE_TRAILING_GARBAGE, "gzip"},
    {"garbage-1.gz", make_garbage_1, SOURCE_TRAILING_GARBAGE, "gzip"},
    {"garbage-between.gz", make_garbage_between, SOURCE_TRAILING_GARBAGE, "gzip"},
    {"padding-garbage.gz", make_padding_then_garbage, SOURCE_TRAILING_GARBAGE, "gzip"},
    {"half-magic.gz", make_half_magic, SOURCE_TRUNCATED, "gzip"},
    {"quarter-magic.gz", make_quarter_magic, SOURCE_TRUNCATED, "gzip"},
    {"wrong-crc.gz", make_wrong_crc, SOURCE_CRC_ERROR, "gzip"},
    {"wrong-length.gz", make_wrong_length, SOURCE_CRC_ERROR, "gzip"},
    {"wrong-crc-first.gz", make_wrong_crc_first, SOURCE_CRC_ERROR, "gzip"},
    {"fextra.gz", make_fextra, SOURCE_COMPLETE, "gzip"},
    {"fname.gz", make_fname, SOURCE_COMPLETE, "gzip"},
    {"fcomment.gz", make_fcomment, SOURCE_COMPLETE, "gzip"},
    {"fhcrc.gz", make_fhcrc, SOURCE_COMPLETE, "gzip"},
    {"all-fields.gz", make_all_fields, SOURCE_COMPLETE, "gzip"},
    {"name-of-1-mib.gz", make_name_of_1_mib, SOURCE_COMPLETE, "gzip"},
    {"name-of-4-mib.gz", make_name_of_4_mib, SOURCE_CORRUPT, "gzip"},
    {"comment-of-4-mib.gz", make_comment_of_4_mib, SOURCE_CORRUPT, "gzip"},
    {"extra-of-64-kib.gz", make_extra_of_64_kib, SOURCE_COMPLETE, "gzip"},
    {"reserved-20.gz", make_reserved_20, SOURCE_CORRUPT, "gzip"},
    {"reserved-80.gz", make_reserved_80, SOURCE_CORRUPT, "gzip"},
    {"other-method.gz", make_other_method, SOURCE_CORRUPT, "gzip"},
    {"second-reserved.gz", make_second_reserved, SOURCE_CORRUPT, "gzip"},
    {"empty-member.gz", make_empty_member, SOURCE_COMPLETE, "gzip"},
    {"bgzip.gz", make_bgzip, SOURCE_COMPLETE, "gzip"},
    {"stored.gz", make_stored, SOURCE_COMPLETE, "gzip"},
    {"fixed.gz", make_fixed, SOURCE_COMPLETE, "gzip"},
    {"huffman-only.gz", make_huffman_only, SOURCE_COMPLETE, "gzip"},
    {"best.gz", make_best, SOURCE_COMPLETE, "gzip"},
    {"nested.gz", make_nested, SOURCE_COMPLETE, "gzip"},
    {"reserved-block.gz", make_reserved_block, SOURCE_CORRUPT, "gzip"},
    {"wrong-stored-length.gz", make_wrong_stored_length, SOURCE_CORRUPT, "gzip"},
    {"too-far-back.gz", make_too_far_back, SOURCE_CORRUPT, "gzip"},
    {"bad-distance-early.gz", make_bad_distance_early, SOURCE_CORRUPT, "gzip"},
    {"bad-distance-late.gz", make_bad_distance_late, SOURCE_CORRUPT, "gzip"},
    {"bad-distance-edge.gz", make_bad_distance_at_the_edge, SOURCE_CORRUPT, "gzip"},
    {"empty.log", make_nothing, SOURCE_EMPTY, "none"},
};

START_TEST(gives_the_bytes_and_the_status)
{
    const struct row *row = &rows[_i];
    struct sample sample = {0};
    row->make(&sample);
    check_every_way(row->name, bytes_slice(&sample.file),
                    &(struct expectation){bytes_slice(&sample.expected), row->status});
    free_sample(&sample);
}
END_TEST

START_TEST(tells_the_facts_of_a_file)
{
    const struct row *row = &rows[_i];
    struct sample sample = {0};
    struct folder folder;
    char buffer[4096];
    row->make(&sample);
    folder_make(&folder);
    struct source *source = open_well(folder_write(&folder, row->name, bytes_slice(&sample.file)));
    ck_assert_str_eq(source_compression(source), row->compression);
    ck_assert(source_can_reopen(source));
    ck_assert_uint_eq(source_size(source), sample.file.size);
    while (source_read(source, buffer, sizeof buffer))
        continue;
    ck_assert_uint_le(source_consumed(source), sample.file.size);
    if (row->status == SOURCE_COMPLETE)
        ck_assert_uint_eq(source_consumed(source), sample.file.size);
    source_close(source);
    folder_remove(&folder);
    free_sample(&sample);
}
END_TEST

START_TEST(counts_the_bytes_that_were_not_read)
{
    struct sample sample = {0};
    struct folder folder;
    char buffer[4096];
    struct sample first = {0};
    make_garbage_between(&sample);
    add_good(&first, 2, 1);
    char expected[64];
    snprintf(expected, sizeof expected, "%zu bytes after", sample.file.size - first.file.size);
    folder_make(&folder);
    struct source *source = open_well(folder_write(&folder, "g.gz", bytes_slice(&sample.file)));
    while (source_read(source, buffer, sizeof buffer))
        continue;
    ck_assert_msg(strstr(source_problem(source), expected), "%s", source_problem(source));
    source_close(source);
    folder_remove(&folder);
    free_sample(&first);
    free_sample(&sample);
}
END_TEST

/* What zlib's inflate makes of the first bytes of a deflate stream. */
static void inflate_cut(struct slice body, struct bytes *out)
{
    z_stream stream = {.next_in = (Bytef *)(uintptr_t)body.at, .avail_in = (uInt)body.size};
    unsigned char piece[4096];
    ck_assert(inflateInit2(&stream, -15) == Z_OK);
    int result;
    do {
        stream.next_out = piece;
        stream.avail_out = sizeof piece;
        result = inflate(&stream, Z_NO_FLUSH);
        bytes_add(out, piece, sizeof piece - stream.avail_out);
    } while (result == Z_OK);
    inflateEnd(&stream);
}

/*
 * ISA-L decodes several literals at a step, and a step that the cut ends gives none of them: up to
 * this many bytes right before the cut are missing. zlib gives all.
 */
enum { STEP_BYTES = 3 };

static void check_prefix(struct slice got, struct slice whole, size_t cut)
{
    size_t missing = strcmp(inflate_library(), "zlib") == 0 ? 0 : STEP_BYTES;
    ck_assert_msg(slice_starts_with(whole, got), "cut of %zu: other bytes", cut);
    ck_assert_msg(got.size + missing >= whole.size, "cut of %zu: %zu bytes instead of %zu", cut,
                  got.size, whole.size);
}

/* A file cut at every offset gives what is there, and is never taken for a whole one. */
static void check_cut(const struct folder *folder, struct slice file, size_t header)
{
    struct bytes content = {0};
    if (file.size > header)
        inflate_cut(slice_from(file, header), &content);
    const char *path = folder_write(folder, "cut.gz", file);
    struct outcome outcome = read_source(open_well(path), 65536);
    check_prefix(bytes_slice(&outcome.content), bytes_slice(&content), file.size);
    struct expectation expected = {bytes_slice(&outcome.content), SOURCE_TRUNCATED};
    struct outcome again =
        read_source(open_well(path), file.size < 20000 ? 1 + file.size % 9 : 999);
    check_outcome(&again, &expected, "small reads of a cut", file.size);
    if (file.size % 16 == 0)
        check_pipe(file, &expected);
    mem_free(outcome.content.at);
    mem_free(content.at);
}

static void check_cuts(struct sample *sample, size_t header)
{
    struct folder folder;
    folder_make(&folder);
    for (size_t cut = 1; cut < sample->file.size; cut++)
        check_cut(&folder, slice_head(bytes_slice(&sample->file), cut), header);
    folder_remove(&folder);
    free_sample(sample);
}

START_TEST(a_cut_file_is_truncated)
{
    struct sample sample = {0};
    make_header(&sample, FHCRC | FEXTRA | FNAME | FCOMMENT);
    check_cuts(&sample, 10 + 9 + 11 + 16 + 2);
}
END_TEST

START_TEST(a_cut_file_of_fixed_codes_is_truncated)
{
    struct sample sample = {0};
    add_lines(&sample.expected, 20, 1);
    add_header(&sample.file, 0);
    add_deflated(&sample.file, bytes_slice(&sample.expected), 6, Z_FIXED);
    add_trailer(&sample.file, bytes_slice(&sample.expected));
    check_cuts(&sample, 10);
}
END_TEST

START_TEST(a_cut_file_of_stored_blocks_is_truncated)
{
    struct sample sample = {0};
    add_lines(&sample.expected, 10, 1);
    add_header(&sample.file, 0);
    add_deflated(&sample.file, bytes_slice(&sample.expected), 0, Z_DEFAULT_STRATEGY);
    add_trailer(&sample.file, bytes_slice(&sample.expected));
    check_cuts(&sample, 10);
}
END_TEST

/* A large one, cut at some places: nothing depends on how the bytes arrive. */
START_TEST(a_large_cut_file_is_truncated)
{
    struct sample sample = {0};
    struct folder folder;
    add_good(&sample, 20000, 1);
    folder_make(&folder);
    for (size_t cut = 40000; cut < sample.file.size; cut += 37120)
        check_cut(&folder, slice_head(bytes_slice(&sample.file), cut), 10);
    folder_remove(&folder);
    free_sample(&sample);
}
END_TEST

/*
 * One flipped bit anywhere: never a crash, never a whole file, and the same bytes and status for
 * any way of reading.
 */
START_TEST(a_flipped_bit_is_told)
{
    struct sample sample = {0};
    struct folder folder;
    add_good(&sample, 25, 1);
    folder_make(&folder);
    for (size_t at = 10; at < sample.file.size; at++) {
        sample.file.at[at] ^= (char)(1 << at % 8);
        const char *path = folder_write(&folder, "bit.gz", bytes_slice(&sample.file));
        struct outcome whole = read_source(open_well(path), 262144);
        ck_assert_msg(whole.status != SOURCE_COMPLETE, "byte %zu", at);
        struct outcome again = read_source(open_well(path), 1 + at % 40);
        check_outcome(&again, &(struct expectation){bytes_slice(&whole.content), whole.status},
                      "small reads of a flip", at);
        mem_free(whole.content.at);
        sample.file.at[at] ^= (char)(1 << at % 8);
    }
    folder_remove(&folder);
    free_sample(&sample);
}
END_TEST

/* The reader's input buffer holds this much: a member ends at every offset around it. */
enum { BUFFER_BYTES = 128 * 1024, AROUND = 40 };

static void check_edge(const struct bytes *body, struct slice content, size_t end)
{
    struct sample sample = {0};
    size_t name = end - body->size - 10 - 1;
    add_header(&sample.file, FNAME);
    bytes_fill(&sample.file, 'n', name);
    bytes_fill(&sample.file, '\0', 1);
    bytes_add(&sample.file, body->at, body->size);
    ck_assert_uint_eq(sample.file.size, end);
    add_trailer(&sample.file, content);
    bytes_add(&sample.expected, content.at, content.size);
    add_good(&sample, 3, 9);
    struct folder folder;
    folder_make(&folder);
    const char *path = folder_write(&folder, "edge.gz", bytes_slice(&sample.file));
    static const size_t read_sizes[] = {4096, 262144};
    for (size_t i = 0; i < sizeof read_sizes / sizeof read_sizes[0]; i++) {
        struct outcome outcome = read_source(open_well(path), read_sizes[i]);
        check_outcome(&outcome,
                      &(struct expectation){bytes_slice(&sample.expected), SOURCE_COMPLETE}, "edge",
                      end);
    }
    folder_remove(&folder);
    free_sample(&sample);
}

static void check_edges(size_t lines, int level, int strategy)
{
    struct bytes content = {0}, body = {0};
    add_lines(&content, lines, 1);
    add_deflated(&body, bytes_slice(&content), level, strategy);
    ck_assert_uint_lt(body.size, BUFFER_BYTES - 2 * AROUND);
    for (size_t end = BUFFER_BYTES - AROUND; end <= BUFFER_BYTES + AROUND; end++)
        check_edge(&body, bytes_slice(&content), end);
    mem_free(content.at);
    mem_free(body.at);
}

START_TEST(a_member_may_end_at_the_edge_of_the_buffer)
{
    check_edges(4000, 6, Z_DEFAULT_STRATEGY);
}
END_TEST

START_TEST(a_short_member_may_end_at_the_edge_of_the_buffer)
{
    check_edges(1, 6, Z_FIXED);
}
END_TEST

START_TEST(a_stored_member_may_end_at_the_edge_of_the_buffer)
{
    check_edges(2000, 0, Z_DEFAULT_STRATEGY);
}
END_TEST

/* Zeros, about 1000 : 1. */
static void make_bomb(struct bytes *file, size_t mib)
{
    static unsigned char zeros[1024 * 1024], out[65536];
    z_stream stream = {0};
    uLong crc = 0;
    ck_assert(deflateInit2(&stream, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    add_header(file, 0);
    for (size_t i = 0; i <= mib; i++) {
        stream.next_in = zeros;
        stream.avail_in = i < mib ? sizeof zeros : 0;
        crc = crc32(crc, zeros, stream.avail_in);
        do {
            stream.next_out = out;
            stream.avail_out = sizeof out;
            deflate(&stream, i < mib ? Z_NO_FLUSH : Z_FINISH);
            bytes_add(file, out, sizeof out - stream.avail_out);
        } while (stream.avail_out == 0);
    }
    deflateEnd(&stream);
    add_u32(file, (uint32_t)crc);
    add_u32(file, (uint32_t)(mib * sizeof zeros));
}

START_TEST(a_bomb_takes_no_memory)
{
    enum { MIB = 64 };
    struct bytes file = {0};
    struct folder folder;
    static char buffer[65536];
    make_bomb(&file, MIB);
    ck_assert_uint_lt(file.size, MIB * 1200);
    folder_make(&folder);
    struct source *source = open_well(folder_write(&folder, "bomb.gz", bytes_slice(&file)));
    uint64_t total = source_read(source, buffer, sizeof buffer);
    long before = largest_kib();
    for (size_t got; (got = source_read(source, buffer, sizeof buffer));)
        total += got;
    ck_assert_uint_eq(total, (uint64_t)MIB << 20);
    ck_assert_int_eq(source_status(source), SOURCE_COMPLETE);
    ck_assert_int_lt(largest_kib() - before, 1024);
    source_close(source);
    folder_remove(&folder);
    mem_free(file.at);
}
END_TEST

static const struct {
    const char *name;
    enum source_status status;
} empty_files[] = {
    {"empty.log", SOURCE_EMPTY},
    {"empty.gz.log", SOURCE_EMPTY},
    {"gz", SOURCE_EMPTY},
    {"empty.log.gz", SOURCE_TRUNCATED},
    {"empty.log.bz2", SOURCE_TRUNCATED},
    {"empty.log.xz", SOURCE_TRUNCATED},
    {"empty.log.zst", SOURCE_TRUNCATED},
    {"empty.log.lz4", SOURCE_TRUNCATED},
};

START_TEST(an_empty_compressed_file_is_truncated)
{
    struct folder folder;
    folder_make(&folder);
    const char *path = folder_write(&folder, empty_files[_i].name, (struct slice){0});
    struct outcome outcome = read_source(open_well(path), 10);
    check_outcome(&outcome, &(struct expectation){{0}, empty_files[_i].status}, "empty", 0);
    folder_remove(&folder);
}
END_TEST

/* Files that change while they are read. */

/* The file is over the input buffer, so that most of it is read after the change. */
enum { PART_LINES = 4000 };

struct change {
    const char *name;
    bool is_gzip;
    size_t first_size;    /* per mille of the content that is there when it is opened */
    long long cut;        /* then per mille that are left, -1: it is not cut */
    size_t second_size;   /* then per mille of the content that were appended in all */
    size_t expected_size; /* per mille of the (compressed) content that count */
    enum source_status status;
};

static const struct change changes[] = {
    {"nothing happens", false, 1000, -1, 1000, 1000, SOURCE_COMPLETE},
    {"a server writes on", false, 600, -1, 1000, 1000, SOURCE_GREW},
    {"a line is appended", false, 999, -1, 1000, 1000, SOURCE_GREW},
    {"it becomes shorter", false, 1000, 700, 0, 700, SOURCE_SHRUNK},
    {"gzip: nothing happens", true, 1000, -1, 1000, 1000, SOURCE_COMPLETE},
    {"gzip: its compression is finished", true, 700, -1, 1000, 1000, SOURCE_GREW},
    {"gzip: its compression goes on", true, 700, -1, 900, 900, SOURCE_TRUNCATED},
    {"gzip: its compression has not gone on", true, 700, -1, 700, 700, SOURCE_TRUNCATED},
    {"gzip: it becomes shorter", true, 1000, 800, 0, 800, SOURCE_SHRUNK},
    {"gzip: it was cut, and becomes shorter", true, 900, 800, 0, 800, SOURCE_SHRUNK},
};

static size_t per_mille(size_t size, size_t share)
{
    return size * share / 1000;
}

static void apply_change(const char *path, struct slice file, const struct change *change)
{
    size_t there = per_mille(file.size, change->first_size);
    if (change->cut >= 0)
        ck_assert(truncate(path, (off_t)per_mille(file.size, (size_t)change->cut)) == 0);
    size_t wanted = per_mille(file.size, change->second_size);
    if (wanted <= there)
        return;
    FILE *end = fopen(path, "ab");
    ck_assert(end && fwrite(file.at + there, 1, wanted - there, end) == wanted - there);
    ck_assert(fclose(end) == 0);
}

/* Reads a little, changes the file, and reads on. */
static struct outcome read_changed(const char *path, struct slice file, const struct change *change)
{
    char start[100];
    struct source *source = open_well(path);
    ck_assert_uint_eq(source_read(source, start, sizeof start), sizeof start);
    apply_change(path, file, change);
    struct outcome rest = read_source(source, 4096), outcome = rest;
    outcome.content = (struct bytes){0};
    bytes_add(&outcome.content, start, sizeof start);
    bytes_add(&outcome.content, rest.content.at, rest.content.size);
    mem_free(rest.content.at);
    return outcome;
}

START_TEST(a_file_that_changes_is_told)
{
    const struct change *change = &changes[_i];
    struct bytes text = {0}, member = {0}, expected = {0};
    struct folder folder;
    add_lines(&text, PART_LINES * (change->is_gzip ? 10 : 1), 1);
    add_member(&member, bytes_slice(&text));
    struct slice file = change->is_gzip ? bytes_slice(&member) : bytes_slice(&text);
    ck_assert_uint_gt(file.size, BUFFER_BYTES * 3 / 2);
    struct slice counted = slice_head(file, per_mille(file.size, change->expected_size));
    if (change->is_gzip)
        inflate_cut(slice_from(counted, 10), &expected);
    else
        bytes_add(&expected, counted.at, counted.size);
    folder_make(&folder);
    const char *path = folder_write(&folder, "changing",
                                    slice_head(file, per_mille(file.size, change->first_size)));
    struct outcome outcome = read_changed(path, file, change);
    check_prefix(bytes_slice(&outcome.content), bytes_slice(&expected), counted.size);
    check_outcome(&outcome, &(struct expectation){bytes_slice(&outcome.content), change->status},
                  change->name, 0);
    folder_remove(&folder);
    mem_free(expected.at);
    mem_free(member.at);
    mem_free(text.at);
}
END_TEST

/* Once the end was seen, it is the end. */
START_TEST(the_end_stays_the_end)
{
    struct folder folder;
    char buffer[100];
    folder_make(&folder);
    const char *path = folder_write(&folder, "x.log", SLICE_LITERAL("a line\n"));
    struct source *source = open_well(path);
    ck_assert_uint_eq(source_read(source, buffer, sizeof buffer), 7);
    ck_assert_uint_eq(source_read(source, buffer, sizeof buffer), 0);
    FILE *end = fopen(path, "ab");
    ck_assert(end && fputs("one more\n", end) >= 0 && fclose(end) == 0);
    ck_assert_uint_eq(source_read(source, buffer, sizeof buffer), 0);
    ck_assert_int_eq(source_status(source), SOURCE_COMPLETE);
    source_close(source);
    folder_remove(&folder);
}
END_TEST

/* All is gone between the opening and the first line. */
START_TEST(a_file_that_is_emptied_is_shrunk)
{
    struct folder folder;
    struct bytes text = {0};
    folder_make(&folder);
    add_lines(&text, PART_LINES, 1);
    const char *path = folder_write(&folder, "x.log", bytes_slice(&text));
    struct source *source = open_well(path);
    ck_assert(truncate(path, 0) == 0);
    struct outcome outcome = read_source(source, 4096);
    ck_assert_int_eq(outcome.status, SOURCE_SHRUNK);
    ck_assert(slice_starts_with(bytes_slice(&text), bytes_slice(&outcome.content)));
    mem_free(outcome.content.at);
    mem_free(text.at);
    folder_remove(&folder);
}
END_TEST

/* A named pipe. */

struct fifo {
    const char *path;
    struct slice content;
};

static void *write_fifo(void *argument)
{
    const struct fifo *fifo = argument;
    FILE *file = fopen(fifo->path, "wb");
    if (file && fifo->content.size)
        fwrite(fifo->content.at, 1, fifo->content.size, file);
    if (file)
        fclose(file);
    return NULL;
}

START_TEST(a_named_pipe_is_an_input)
{
    const struct row *row = &rows[_i];
    struct sample sample = {0};
    struct folder folder;
    pthread_t writer;
    row->make(&sample);
    folder_make(&folder);
    struct fifo fifo = {folder_path(&folder, "fifo"), bytes_slice(&sample.file)};
    signal(SIGPIPE, SIG_IGN); /* a header over the limit is not read to its end */
    ck_assert(mkfifo(fifo.path, 0600) == 0);
    ck_assert(pthread_create(&writer, NULL, write_fifo, &fifo) == 0);
    struct source *source = open_well(fifo.path);
    ck_assert(!source_can_reopen(source));
    ck_assert_uint_eq(source_size(source), 0);
    struct outcome outcome = read_source(source, 4096);
    check_outcome(&outcome, &(struct expectation){bytes_slice(&sample.expected), row->status},
                  "fifo", 4096);
    pthread_join(writer, NULL);
    folder_remove(&folder);
    free_sample(&sample);
}
END_TEST

struct refusal {
    const char *content;
    size_t size;
    const char *word; /* of the error */
};

static const struct refusal refusals[] = {
    {"PK\x03\x04....", 8, "unzip -p FILE | sojourn -"},
};

START_TEST(refuses_what_it_cannot_read)
{
    const struct refusal *refusal = &refusals[_i];
    struct folder folder;
    struct error error = {0};
    folder_make(&folder);
    const char *path =
        folder_write(&folder, "x.log", (struct slice){refusal->content, refusal->size});
    ck_assert_ptr_null(source_open(path, &error));
    ck_assert_int_eq(error.code, ERROR_USAGE);
    ck_assert_str_eq(error.file, path);
    ck_assert_msg(strstr(error.sentence, refusal->word), "%s", error.sentence);
    folder_remove(&folder);
}
END_TEST

START_TEST(refuses_what_cannot_be_opened)
{
    struct folder folder;
    folder_make(&folder);
    struct error missing = {0}, is_folder = {0}, unreadable = {0};
    ck_assert_ptr_null(source_open(folder_path(&folder, "missing.log"), &missing));
    ck_assert_int_eq(missing.code, ERROR_USAGE);
    ck_assert_ptr_null(source_open(folder.path, &is_folder));
    ck_assert_int_eq(is_folder.code, ERROR_USAGE);
    const char *path = folder_write(&folder, "secret.log", SLICE_LITERAL("x\n"));
    ck_assert(chmod(path, 0) == 0);
    if (geteuid() != 0) { /* nothing is unreadable to root */
        ck_assert_ptr_null(source_open(path, &unreadable));
        ck_assert_int_eq(unreadable.code, ERROR_USAGE);
    }
    folder_remove(&folder);
    source_close(NULL);
}
END_TEST

/* The check value of CRC-32 in Ross Williams' catalogue: of "123456789". */
START_TEST(crc_has_its_check_value)
{
    ck_assert_uint_eq(inflate_crc(0, "123456789", 9), 0xcbf43926);
    ck_assert_uint_eq(inflate_crc(inflate_crc(0, "1234", 4), "56789", 5), 0xcbf43926);
    ck_assert_uint_eq(inflate_crc(0, "", 0), 0);
    ck_assert(strcmp(inflate_library(), "ISA-L") == 0 || strcmp(inflate_library(), "zlib") == 0);
}
END_TEST

START_TEST(every_status_has_a_name)
{
    for (enum source_status a = SOURCE_COMPLETE; a < SOURCE_STATUS_COUNT; a++) {
        for (enum source_status b = SOURCE_COMPLETE; b < a; b++)
            ck_assert_str_ne(source_status_name(a), source_status_name(b));
    }
}
END_TEST

START_TEST(growing_and_being_empty_are_no_damage)
{
    static const bool is_damage[SOURCE_STATUS_COUNT] = {
        [SOURCE_TRUNCATED] = true, [SOURCE_CRC_ERROR] = true,        [SOURCE_CORRUPT] = true,
        [SOURCE_SHRUNK] = true,    [SOURCE_TRAILING_GARBAGE] = true, [SOURCE_IO_ERROR] = true,
    };
    for (enum source_status status = SOURCE_COMPLETE; status < SOURCE_STATUS_COUNT; status++)
        ck_assert_int_eq(source_status_is_damage(status), is_damage[status]);
}
END_TEST

int main(void)
{
    const int row_count = (int)(sizeof rows / sizeof rows[0]);
    const int refusal_count = (int)(sizeof refusals / sizeof refusals[0]);
    Suite *suite = suite_create("source");
    TCase *gzip = tcase_create("gzip");
    tcase_set_timeout(gzip, 120);
    tcase_add_loop_test(gzip, gives_the_bytes_and_the_status, 0, row_count);
    tcase_add_loop_test(gzip, tells_the_facts_of_a_file, 0, row_count);
    tcase_add_test(gzip, counts_the_bytes_that_were_not_read);
    tcase_add_test(gzip, a_cut_file_is_truncated);
    tcase_add_test(gzip, a_cut_file_of_fixed_codes_is_truncated);
    tcase_add_test(gzip, a_cut_file_of_stored_blocks_is_truncated);
    tcase_add_test(gzip, a_large_cut_file_is_truncated);
    tcase_add_test(gzip, a_flipped_bit_is_told);
    tcase_add_test(gzip, a_member_may_end_at_the_edge_of_the_buffer);
    tcase_add_test(gzip, a_short_member_may_end_at_the_edge_of_the_buffer);
    tcase_add_test(gzip, a_stored_member_may_end_at_the_edge_of_the_buffer);
    tcase_add_test(gzip, a_bomb_takes_no_memory);
    suite_add_tcase(suite, gzip);
    TCase *opening = tcase_create("opening");
    tcase_add_loop_test(opening, an_empty_compressed_file_is_truncated, 0,
                        (int)(sizeof empty_files / sizeof empty_files[0]));
    tcase_add_loop_test(opening, refuses_what_it_cannot_read, 0, refusal_count);
    tcase_add_test(opening, refuses_what_cannot_be_opened);
    tcase_add_test(opening, crc_has_its_check_value);
    tcase_add_test(opening, every_status_has_a_name);
    tcase_add_test(opening, growing_and_being_empty_are_no_damage);
    suite_add_tcase(suite, opening);
    TCase *changing = tcase_create("changing");
    tcase_set_timeout(changing, 120);
    tcase_add_loop_test(changing, a_file_that_changes_is_told, 0,
                        (int)(sizeof changes / sizeof changes[0]));
    tcase_add_test(changing, the_end_stays_the_end);
    tcase_add_test(changing, a_file_that_is_emptied_is_shrunk);
    tcase_add_loop_test(changing, a_named_pipe_is_an_input, 0, row_count);
    suite_add_tcase(suite, changing);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
