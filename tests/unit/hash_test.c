/* Expected values: tests/oracle/siphash.py. */
#include "base/hash.h"

#include <check.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "tests/oracle/siphash_expected.inc"

/* The key 00 01 ... 0f of the reference vectors. */
static const struct hash_key reference_key = {0x0706050403020100, 0x0f0e0d0c0b0a0908};

START_TEST(hashes_are_those_of_the_reference)
{
    unsigned char bytes[64];
    for (unsigned i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)i;
    for (size_t size = 0; size < 64; size++) {
        uint64_t hash = hash_bytes(reference_key, bytes, size);
        ck_assert_msg(hash == siphash13_vectors[size], "%zu bytes: %016llx", size,
                      (unsigned long long)hash);
    }
    ck_assert(hash_bytes(reference_key, NULL, 0) == siphash13_vectors[0]);
}
END_TEST

/* Wherever the bytes begin, and not a byte beyond them is read: they end with the memory. */
START_TEST(hashes_do_not_depend_on_the_place)
{
    for (size_t offset = 0; offset < 16; offset++) {
        for (size_t size = 0; size < 64; size++) {
            unsigned char *bytes = malloc(offset + size + (offset + size == 0));
            for (size_t i = 0; i < size; i++)
                bytes[offset + i] = (unsigned char)i;
            ck_assert(hash_bytes(reference_key, bytes + offset, size) == siphash13_vectors[size]);
            free(bytes);
        }
    }
}
END_TEST

static bool is_vector(struct hash128 hash, size_t size)
{
    return hash.low == siphash13_128_vectors[size].low &&
           hash.high == siphash13_128_vectors[size].high;
}

/* From memory that ends with the bytes, at any place in it. */
START_TEST(long_hashes_are_those_of_the_oracle)
{
    for (size_t offset = 0; offset < 9; offset++) {
        for (size_t size = 0; size < 64; size++) {
            unsigned char *bytes = malloc(offset + size + (offset + size == 0));
            for (size_t i = 0; i < size; i++)
                bytes[offset + i] = (unsigned char)i;
            struct hash128 hash = hash128_bytes(reference_key, bytes + offset, size);
            ck_assert_msg(is_vector(hash, size), "%zu bytes: %016llx %016llx", size,
                          (unsigned long long)hash.low, (unsigned long long)hash.high);
            free(bytes);
        }
    }
    ck_assert(is_vector(hash128_bytes(reference_key, NULL, 0), 0));
}
END_TEST

START_TEST(random_keys_differ)
{
    struct hash_key a = hash_key_random(), b = hash_key_random();
    ck_assert(memcmp(&a, &b, sizeof a) != 0);
    ck_assert(hash_bytes(a, "x", 1) != hash_bytes(b, "x", 1));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("hash");
    TCase *tests = tcase_create("hash");
    tcase_add_test(tests, hashes_are_those_of_the_reference);
    tcase_add_test(tests, hashes_do_not_depend_on_the_place);
    tcase_add_test(tests, long_hashes_are_those_of_the_oracle);
    tcase_add_test(tests, random_keys_differ);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
