#!/usr/bin/env python3
"""Counts a generated log a second time, slowly and straight from the definitions.

    naive.py DIR          DIR is what loggen wrote: its logs against its truth

It knows the journey of tests/data/truth.yaml by heart and shares nothing with sojourn or loggen.
Funnels are found by trying every chain of hits. Ends with "K passed, M failed".
"""
import collections
import csv
import datetime
import glob
import os
import re
import statistics
import sys

LINE = re.compile(r'(?:\S+:443 )?(\S+) - - \[(\d\d/[A-Z][a-z][a-z]/\d{4}:\d\d:\d\d:\d\d) ([+-]\d{4})\] '
                  r'"((?:\\.|[^"\\])*)" (\d{3}) (?:\d+|-)(?: "((?:\\.|[^"\\])*)" "((?:\\.|[^"\\])*)")?$')
ASSET = re.compile(r'\.(js|png|txt)$', re.I)
BOT = re.compile(r'bot|facebookexternalhit', re.I)
REGIONS = dict(enumerate('DE FR US GB NL PL ES IT BR JP'.split()))
TIMEOUT = 1800

# touchpoint: path, methods, query, statuses that reach it (None: the general rule)
TOUCHPOINTS = [
    ('product', r'/product/[^/]+', 'GET', None, None),
    ('review', r'/product/[^/]+/reviews|/reviews', 'GET POST', None, None),
    ('cart', r'/cart', 'GET', None, None),
    ('cart', r'/cart/add', 'POST', None, None),
    ('checkout', r'/checkout', 'GET POST', None, None),
    ('express-checkout', r'/express-checkout', 'GET POST', None, None),
    ('payment', r'/checkout/payment', 'GET POST', None, None),
    ('confirmation', r'/order/[^/]+/thanks', 'GET POST', None, None),
    ('account', r'/account', 'GET POST', None, None),
    ('cancellation-page', r'/account/cancel', 'GET', None, None),
    ('cancelled', r'/account/cancel', 'POST', None, range(200, 400)),
    ('terms-page', r'/terms|/legal/.*', 'GET POST', None, None),
    ('terms-search', r'.*', 'GET POST', r'(.*&)?q=(Terms\+of\+use|AGB\b.*)', None),
    ('complaint-form', r'/contact/complaint', 'GET', None, None),
    ('complaint-sent', r'/contact/complaint', 'POST', None, None),
    ('referral', r'.*', 'GET POST', r'(.*&)?ref=.*', None),
    ('stock-check', r'/api/stock/[^/]+', 'GET POST', None, None),
]
# funnel: per visit, window, steps (sets of touchpoints), the number of the optional step
FUNNELS = {
    'purchase': (True, None, ['product', 'cart', 'checkout|express-checkout', 'payment', 'confirmation'], 3),
    'purchase-7d': (False, 7 * 86400, ['product', 'cart', 'confirmation'], None),
    'cancellation': (False, 30 * 86400, ['account', 'cancellation-page', 'cancelled'], None),
    'second-look': (True, None, ['product', 'product'], None),
    'quick-cart': (True, 300, ['product', 'cart'], None),
    'complaint': (False, None, ['terms-page|terms-search', 'complaint-form', 'complaint-sent'], None),
}

Hit = collections.namedtuple('Hit', 'time kind reached failed')


def touches(method, path, query, kind, status):
    reached, failed = set(), set()
    for name, wanted, methods, wanted_query, statuses in TOUCHPOINTS:
        if kind not in ('page', 'call') or (kind == 'call') != (name == 'stock-check'):
            continue
        if method not in methods.split() or not re.fullmatch(wanted, path):
            continue
        if wanted_query and not re.fullmatch(wanted_query, query):
            continue
        if statuses is None:
            is_reached = 200 <= status < 300 or status == 304 or method == 'POST' and 300 <= status < 400
        else:
            is_reached = status in statuses
        if is_reached:
            reached.add(name)
        elif status >= 400:
            failed.add(name)
    return reached, failed


def parse(line):
    """(visitor, Hit) or the reason for rejecting it."""
    if len(line) > 65536:
        return 'overlong'
    if not line.strip():
        return 'blank'
    if '\0' in line:
        return 'nul'
    found = LINE.match(line)
    if not found:
        return 'format'
    address, stamp, zone, request, status, _, agent = found.groups()
    try:
        time = datetime.datetime.strptime(stamp + ' ' + zone, '%d/%b/%Y:%H:%M:%S %z').timestamp()
    except ValueError:
        return 'time'
    if not 100 <= int(status) <= 599:
        return 'status'
    words = request.split(' ')
    kind, reached, failed = 'other', set(), set()
    if len(words) == 3:
        path, _, query = words[1].partition('?')
        if ASSET.search(path):
            kind = 'asset'
        elif words[0] in ('GET', 'POST'):
            kind = 'call' if path.startswith('/api/') else 'page'
        reached, failed = touches(words[0], path, query.replace('%20', '+'), kind, int(status))
    return (address, agent or ''), Hit(int(time), kind, reached, failed)


def region(address):
    number = int(re.split(r'[.:]', address)[1])
    return REGIONS.get(number, 'ZZ')


def cut_visits(hits):
    visits = [[hits[0]]]
    for hit in hits[1:]:
        if hit.time - visits[-1][-1].time > TIMEOUT:
            visits.append([])
        visits[-1].append(hit)
    return visits


def chains(hits, steps, optional, window):
    """Every chain: a tuple of (step, time), as sets of equal ones."""
    known = set()
    for hit in hits:
        fresh = set()
        for k, step in enumerate(steps):
            if not hit.reached & set(step.split('|')):
                continue
            if k == 0:
                fresh.add(((0, hit.time),))
            for chain in known:
                last = chain[-1][0]
                if last + 1 == k or (last + 2 == k and optional == last + 1):
                    if window is None or hit.time - chain[0][1] <= window:
                        fresh.add(chain + ((k, hit.time),))
        known |= fresh
    return known


def keep(found):
    """The farthest, then the first to get there, then the latest entry, then the fullest."""
    return max(found, key=lambda c: (c[-1][0], -c[-1][1], c[0][1], len(c), [-t for _, t in c]))


def attempted(hits, k, step, optional, window, found):
    """A vain attempt at step k while some chain stood before it."""
    for at, hit in enumerate(hits):
        if not hit.failed & set(step.split('|')):
            continue
        if k == 0:
            return True
        for other in found(hits[:at]):
            last = other[-1][0]
            before = last + 1 == k or (last + 2 == k and optional == last + 1)
            if before and (window is None or hit.time - other[0][1] <= window):
                return True
    return False


class Counts:
    def __init__(self):
        self.summary = collections.Counter()
        self.cells = collections.Counter()   # (table, key..., column)
        self.durations = collections.defaultdict(list)

    def add(self, *key):
        self.cells[key] += 1


def count_funnel(counts, name, hits, place, log_end, last_hit):
    per_visit, window, steps, optional = FUNNELS[name]

    def found(some):
        return chains(some, steps, optional, window)
    touching = [h for h in hits if h.reached or h.failed]
    all_chains = found(touching)
    best = keep(all_chains) if all_chains else ()
    level = best[-1][0] if best else -1
    for k in range(level + 1, min(level + 3, len(steps))):
        if attempted(touching, k, steps[k], optional, window, found):
            counts.add('funnel', name, k, 'attempted_failed')
        if k != optional:
            break
    if not best:
        return
    entry = max(c[0][1] for c in all_chains if c[-1][0] == level)
    is_open = log_end <= last_hit + TIMEOUT
    if window is not None:
        inside = log_end <= entry + window
        is_open = inside and (is_open or not per_visit)
    done = dict(best)
    for k in done:
        for key in (('funnel', name, k), ('cell', name, k, place)):
            counts.add(*key, 'entered')
            if k + 1 < len(steps):
                counts.add(*key, 'advanced' if k < level else 'open' if is_open else 'dropped')
        if k:
            previous = max(j for j in done if j < k and j != optional)
            counts.durations[name, k].append(done[k] - done[previous])
    times = [t for _, t in best]
    counts.summary['ties'] += level + 1 == len(steps) and len(set(times)) < len(times)


def count_visitor(counts, key, hits, log_end):
    address, agent = key
    hits.sort(key=lambda h: h.time)
    visits = cut_visits(hits)
    if BOT.search(agent):
        counts.summary.update(bot_hits=len(hits), bot_visits=len(visits), bot_visitors=1)
        return
    place = region(address)
    counts.summary['visitors'] += 1
    counts.cells[('region', place, 'visitors')] += 1
    for visit in visits:
        views = sum(h.kind == 'page' for h in visit)
        counts.summary.update(visits=1, page_views=views, visits_without_page_views=views == 0,
                              unknown_region_visits=place == 'ZZ')
        counts.cells[('region', place, 'visits')] += 1
        counts.cells[('region', place, 'page_views')] += views
    for column, groups in (('visits', visits), ('visitors', [hits])):
        for group in groups:
            for name in set().union(*(h.reached for h in group)):
                counts.add('touch', name, column)
                counts.add('touch', name, place, column)
    for hit in hits:
        for name in hit.reached:
            counts.add('touch', name, 'hits')
        for name in hit.failed:
            counts.add('touch', name, 'failed')
    for name, (per_visit, *_) in FUNNELS.items():
        for group in visits if per_visit else [hits]:
            count_funnel(counts, name, group, place, log_end, (group if per_visit else hits)[-1].time)


def count_folder(folder):
    counts, visitors = Counts(), collections.defaultdict(list)
    for path in sorted(glob.glob(os.path.join(folder, 'access*.log'))):
        with open(path, encoding='latin-1', newline='') as log:
            text = log.read().removeprefix('\xef\xbb\xbf')
        lines = text.split('\n')
        if lines and lines[-1] == '':
            lines.pop()
        for line in lines:
            result = parse(line.removesuffix('\r'))
            counts.summary['lines'] += 1
            if isinstance(result, str):
                counts.summary.update({'rejected': 1, 'rejected_' + result: 1})
                continue
            counts.summary.update(counted=1, hits=1, asset_hits=result[1].kind == 'asset',
                                  call_hits=result[1].kind == 'call')
            visitors[result[0]].append(result[1])
    times = [h.time for hits in visitors.values() for h in hits]
    for key, hits in visitors.items():
        count_visitor(counts, key, hits, max(times))
    counts.summary['regions'] = sum(k[0] == 'region' and k[2] == 'visits' and k[1] != 'ZZ'
                                    for k in counts.cells)
    for name, time in (('first_time', min(times)), ('last_time', max(times))):
        stamp = datetime.datetime.fromtimestamp(time, datetime.timezone.utc)
        counts.summary[name] = stamp.strftime('%Y-%m-%dT%H:%M:%SZ')
    return counts


def rows(folder, table):
    with open(os.path.join(folder, 'truth', table + '.csv'), newline='') as stream:
        return list(csv.DictReader(stream))


def expected_cells(counts, folder):
    """(place in the truth, its value, our value) of everything."""
    for row in rows(folder, 'summary'):
        yield row['measure'], row['value'], counts.summary[row['measure']]
    for row in rows(folder, 'regions'):
        for column in ('visits', 'visitors', 'page_views'):
            yield (row['region'], column), row[column], counts.cells[('region', row['region'], column)]
    for row in rows(folder, 'touchpoints'):
        for column in ('hits', 'visits', 'visitors', 'failed'):
            yield (row['touchpoint'], column), row[column], counts.cells[('touch', row['touchpoint'], column)]
    for row in rows(folder, 'touchpoints_by_region'):
        for column in ('visits', 'visitors'):
            yield tuple(row.values()), row[column], counts.cells[('touch', row['touchpoint'], row['region'], column)]
    for row in rows(folder, 'funnel'):
        key = row['funnel'], int(row['step']) - 1
        for column in ('entered', 'advanced', 'dropped', 'open', 'attempted_failed'):
            if row[column] != '':
                yield key + (column,), row[column], counts.cells[('funnel', *key, column)]
        seconds = sorted(counts.durations[key])
        if seconds:
            p90 = seconds[0] if len(seconds) == 1 else statistics.quantiles(seconds, n=10, method='inclusive')[8]
            yield key + ('median',), row['median_seconds'], '%.6f' % statistics.median(seconds)
            yield key + ('p90',), row['p90_seconds'], '%.6f' % p90
    for row in rows(folder, 'funnel_by_region'):
        key = row['funnel'], int(row['step']) - 1, row['region']
        for column in ('entered', 'advanced', 'dropped', 'open'):
            yield key + (column,), row[column], counts.cells[('cell', *key, column)]


def main():
    folder = sys.argv[1]
    passed = failed = 0
    for place, expected, found in expected_cells(count_folder(folder), folder):
        if str(expected) == str(found):
            passed += 1
        else:
            failed += 1
            print(f'{place}: truth {expected}, counted {found}')
    print(f'{passed} passed, {failed} failed')
    return failed > 0


if __name__ == '__main__':
    sys.exit(main())
