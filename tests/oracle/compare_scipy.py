#!/usr/bin/env python3
"""Reads compare_expected.inc and computes p, q and Wilson's interval of it again, with scipy."""
import re
import sys

import numpy
from scipy import stats


def p_of(x, n, rest_x, rest_n):
    if n < 30 or rest_n == 0:
        return float('nan')
    table = numpy.array([[x, n - x], [rest_x, rest_n - rest_x]])
    if 0 in table.sum(axis=0):
        return 1.0
    if stats.contingency.expected_freq(table).min() < 5:
        return stats.fisher_exact(table)[1]
    return stats.chi2_contingency(table, correction=False)[1]


def adjust(ps):
    """Benjamini and Hochberg, 1995: the smallest m p / rank from there on."""
    tested = sorted(p for p in ps if p == p)
    scaled = [p * len(tested) / (i + 1) for i, p in enumerate(tested)]
    return [min([1.0] + scaled[tested.index(p):]) if p == p else p for p in ps]


def worst(pairs):
    return max(abs(a - b) if a == a or b == b else 0.0 for a, b in pairs)


def main():
    rows = [[float(w) if re.match(r'NAN|-?\d', w) else w for w in line.strip(' {},\n').split(', ')]
            for line in sys.stdin if line.startswith('    {')]
    steps = [r for r in rows if len(r) == 14]
    touches = [r for r in rows if len(r) == 8]
    ps = []
    for r in steps:
        same = [s for s in steps if s[:2] == r[:2]]
        x, n = sum(s[4] for s in same), sum(s[3] - s[5] for s in same)
        ps.append(p_of(r[4], r[3] - r[5], x - r[4], n - r[3] + r[5]))
    print('p of steps: difference at most %.1e' % worst(zip(ps, [r[11] for r in steps])))
    print('q of steps: difference at most %.1e' % worst(zip(adjust(ps), [r[12] for r in steps])))
    ends = []
    for r in steps:
        if r[3] > r[5]:
            ci = stats.binomtest(int(r[4]), int(r[3] - r[5])).proportion_ci(0.95, 'wilson')
            ends += [(ci.low, r[7]), (ci.high, r[8])]
    print('intervals: difference at most %.1e' % worst(ends))
    ps = []
    for r in touches:
        same = [t for t in touches if t[0] == r[0]]
        ps.append(p_of(r[3], r[2], sum(t[3] for t in same) - r[3], sum(t[2] for t in same) - r[2]))
    print('q of touchpoints: difference at most %.1e' % worst(zip(adjust(ps), [r[6] for r in touches])))


main()
