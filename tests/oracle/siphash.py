"""The expected values of tests/unit/hash_test.c: SipHash written from its paper.

Aumasson & Bernstein, "SipHash: a fast short-input PRF" (2012). With 2 and 4 rounds the program first
reproduces the paper's own example (appendix A); with 1 and 3 it prints the hashes of the inputs
that the reference vectors use: 0, 1, ... 63 bytes 00 01 02 ... under the key 00 01 ... 0f.

The form with 128 bits is younger than the paper: a constant at the start, another at the end, and
the last rounds once more for the second half (the authors' README.md and siphash.c,
github.com/veorq/SipHash). With 2 and 4 rounds it reproduces vectors_sip128 of their vectors.h.
"""

MASK = (1 << 64) - 1


def rotate(value, by):
    return (value << by | value >> (64 - by)) & MASK


def sip_round(v):
    a, b, c, d = v
    a = (a + b) & MASK
    c = (c + d) & MASK
    b = rotate(b, 13) ^ a
    d = rotate(d, 16) ^ c
    a = rotate(a, 32)
    c = (c + b) & MASK
    a = (a + d) & MASK
    b = rotate(b, 17) ^ c
    d = rotate(d, 21) ^ a
    c = rotate(c, 32)
    return [a, b, c, d]


def start(key):
    k0, k1 = int.from_bytes(key[:8], "little"), int.from_bytes(key[8:], "little")
    words = int.from_bytes(b"somepseu", "big"), int.from_bytes(b"dorandom", "big"), \
        int.from_bytes(b"lygenera", "big"), int.from_bytes(b"tedbytes", "big")
    return [k0 ^ words[0], k1 ^ words[1], k0 ^ words[2], k1 ^ words[3]]


def take_words(v, message, word_rounds):
    whole = len(message) // 8 * 8
    tail = message[whole:] + bytes(7 - len(message) % 8) + bytes([len(message) & 255])
    padded = message[:whole] + tail
    for at in range(0, len(padded), 8):
        word = int.from_bytes(padded[at:at + 8], "little")
        v[3] ^= word
        for _ in range(word_rounds):
            v = sip_round(v)
        v[0] ^= word
    return v


def finish(v, last_rounds):
    for _ in range(last_rounds):
        v = sip_round(v)
    return v, v[0] ^ v[1] ^ v[2] ^ v[3]


def siphash(key, message, word_rounds, last_rounds):
    v = take_words(start(key), message, word_rounds)
    v[2] ^= 0xFF
    return finish(v, last_rounds)[1]


def siphash128(key, message, word_rounds, last_rounds):
    v = start(key)
    v[1] ^= 0xEE
    v = take_words(v, message, word_rounds)
    v[2] ^= 0xEE
    v, low = finish(v, last_rounds)
    v[1] ^= 0xDD
    return low, finish(v, last_rounds)[1]


KEY = bytes(range(16))
assert siphash(KEY, bytes(range(15)), 2, 4) == 0xA129CA6149BE45E5
for size, published in ((0, "a3817f04ba25a8e66df67214c7550293"),
                        (1, "da87c1d86b99af44347659119b22fc45"),
                        (8, "3b62a9ba6258f5610f83e264f31497b4"),
                        (63, "5150d1772f50834a503e069a973fbd7c")):
    halves = siphash128(KEY, bytes(range(size)), 2, 4)
    assert b"".join(half.to_bytes(8, "little") for half in halves).hex() == published

print("/* Written by tests/oracle/siphash.py. */\n")
print("static const uint64_t siphash13_vectors[64] = {")
for first in range(0, 64, 4):
    print("    " + ", ".join(f"0x{siphash(KEY, bytes(range(n)), 1, 3):016x}"
                             for n in range(first, first + 4)) + ",")
print("};")

print("\nstatic const struct hash128 siphash13_128_vectors[64] = {")
for first in range(0, 64, 2):
    print("    " + ", ".join("{0x%016x, 0x%016x}" % siphash128(KEY, bytes(range(n)), 1, 3)
                             for n in range(first, first + 2)) + ",")
print("};")
