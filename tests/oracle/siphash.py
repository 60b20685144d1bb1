"""The expected values of tests/unit/hash_test.c: SipHash written from its paper.

Aumasson & Bernstein, "SipHash: a fast short-input PRF" (2012). With 2 and 4 rounds the program first
reproduces the paper's own example (appendix A); with 1 and 3 it prints the hashes of the inputs
that the reference vectors use: 0, 1, ... 63 bytes 00 01 02 ... under the key 00 01 ... 0f.
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


def siphash(key, message, word_rounds, last_rounds):
    k0, k1 = int.from_bytes(key[:8], "little"), int.from_bytes(key[8:], "little")
    words = int.from_bytes(b"somepseu", "big"), int.from_bytes(b"dorandom", "big"), \
        int.from_bytes(b"lygenera", "big"), int.from_bytes(b"tedbytes", "big")
    v = [k0 ^ words[0], k1 ^ words[1], k0 ^ words[2], k1 ^ words[3]]
    whole = len(message) // 8 * 8
    tail = message[whole:] + bytes(7 - len(message) % 8) + bytes([len(message) & 255])
    padded = message[:whole] + tail
    for at in range(0, len(padded), 8):
        word = int.from_bytes(padded[at:at + 8], "little")
        v[3] ^= word
        for _ in range(word_rounds):
            v = sip_round(v)
        v[0] ^= word
    v[2] ^= 0xFF
    for _ in range(last_rounds):
        v = sip_round(v)
    return v[0] ^ v[1] ^ v[2] ^ v[3]


KEY = bytes(range(16))
assert siphash(KEY, bytes(range(15)), 2, 4) == 0xA129CA6149BE45E5

print("/* Written by tests/oracle/siphash.py. */\n")
print("static const uint64_t siphash13_vectors[64] = {")
for first in range(0, 64, 4):
    print("    " + ", ".join(f"0x{siphash(KEY, bytes(range(n)), 1, 3):016x}"
                             for n in range(first, first + 4)) + ",")
print("};")
