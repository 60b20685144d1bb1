"""Compares R's values in stats_expected.inc with scipy's; prints the largest difference of each table.

Reads stats_expected.inc on standard input.
"""

import re
import sys

from scipy import stats

TABLES = {}
NAME = None
for line in sys.stdin:
    if start := re.match(r"static const struct \w+ (\w+)\[\]", line):
        NAME = start[1]
        TABLES[NAME] = []
    elif line.startswith("    {") and "{" not in line[5:]:
        TABLES[NAME].append([field.strip() for field in line.strip(" {},\n").split(",")])

worst = 0.0
for x, n, low, high in TABLES["wilson_rows"]:
    interval = stats.binomtest(int(x), int(n)).proportion_ci(method="wilson")
    worst = max(worst, abs(interval.low - float(low)), abs(interval.high - float(high)))
print(f"wilson: {len(TABLES['wilson_rows'])} rows agree within {worst:.0e}")

worst_z = worst_fisher = 0.0
for x1, n1, x2, n2, z, fisher, _ in TABLES["two_rows"]:
    x1, n1, x2, n2 = int(x1), int(n1), int(x2), int(n2)
    table = [[x1, n1 - x1], [x2, n2 - x2]]
    worst_z = max(worst_z, abs(stats.chi2_contingency(table, correction=False)[1] - float(z)))
    worst_fisher = max(worst_fisher, abs(stats.fisher_exact(table)[1] - float(fisher)))
print(f"z: {len(TABLES['two_rows'])} rows agree within {worst_z:.0e}")
print(f"fisher: {len(TABLES['two_rows'])} rows agree within {worst_fisher:.0e}")
