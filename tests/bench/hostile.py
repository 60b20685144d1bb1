"""Logs that attack a reader's tables, for bench: each is written by one function."""
import os
import random

LINE = ('{address} - - [{stamp} +0000] "GET {path} HTTP/1.1" 200 512 "{referrer}" "{agent}"{more}\n')
AGENT = ('Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) '
         'Chrome/142.0.0.0 Safari/537.36')
COOKIE = '%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i" "%{Cookie}i"'


def line(second, address='10.0.0.1', path='/', referrer='-', agent=AGENT, more=''):
    day, rest = divmod(second, 86400)
    stamp = f'{day + 1:02}/Nov/2026:{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}'
    return LINE.format(address=address, stamp=stamp, path=path, referrer=referrer, agent=agent,
                       more=more)


def address_of(i):
    return f'10.{i >> 16 & 255}.{i >> 8 & 255}.{i & 255}'


# ---- growth: n, 2n and 4n lines ----

def distinct_urls(n):
    return (line(i // 8, path=f'/a/{i:x}/page') for i in range(n))


def distinct_agents(n):
    return (line(i // 8, address_of(i % 500), agent=f'{AGENT} v/{i:x}') for i in range(n))


def distinct_referrers(n):
    return (line(i // 8, address_of(i % 500), referrer=f'https://h{i:x}.example/') for i in range(n))


def distinct_campaigns(n):
    return (line(i // 8, address_of(i % 500), path=f'/?utm_source=s{i:x}&utm_campaign=c{i:x}')
            for i in range(n))


def one_visitor(n):
    return (line(i // 8, path=f'/page/{i % 10}') for i in range(n))


def one_address(n):
    return (line(i // 8, agent=f'{AGENT} v/{i % (n // 2):x}') for i in range(n))


def tangled_referrers(n):
    """One visit of people who could be told apart by referrers, were there not so many of them."""
    for i in range(n):
        before = f'https://www.shop.example/t/{i - 1 - i % 1000}' if i >= 1000 else '-'
        yield line(i // 8, path=f'/t/{i}', referrer=before)


def changing_sources(n):
    return (line(i // 8, referrer=f'https://s{i % 3}.example/') for i in range(n))


def many_ids(n):
    """Hits without an id, and as many ids on the same address and agent."""
    return (line(i // 8, more=' "-"' if i % 2 else f' "uid={i:x}"') for i in range(n))


def refused_forms(n):
    return (line(i // 8, path=f'/form/{i % 50}', referrer=f'https://www.shop.example/form/{i % 50}')
            .replace('GET', 'POST' if i % 2 else 'GET') for i in range(n))


# name, lines, what the journey says, format
GROWTH = [
    ('distinct URLs', distinct_urls, '', None),
    ('distinct agents', distinct_agents, '', None),
    ('distinct referrers', distinct_referrers, '', None),
    ('distinct campaigns', distinct_campaigns, '', None),
    ('one visitor, n page views', one_visitor, '', None),
    ('one address, n/2 agents', one_address, '', None),
    ('split by referrer, tangled', tangled_referrers,
     'own_hosts: [shop.example]\nvisit: {split_by_referrer: true}', None),
    ('cut on new source', changing_sources, 'visit: {cut_on_new_source: true}', None),
    ('half of the hits without an id', many_ids, 'visitor: [cookie:uid, address+agent]', COOKIE),
    ('forms shown again', refused_forms, '', None),
]

JOURNEY = """journey: hostile
{}
touchpoints:
  home: {{match: {{path: /}}}}
  refused: {{match: {{path: /form/*, method: POST, outcome: refused}}}}
funnels:
  two: {{per: visitor, steps: [home, refused]}}
"""


# ---- collisions: crafted against honest keys of the same size ----

KEY_BYTES = 96
LETTERS = 'abcdefghijklmnopqrstuvwxyz'


def same_djb2(count):
    """"Ez" and "FY" have the same h = h * 33 + c, and so has every row of them."""
    for i in range(count):
        yield ''.join('FY' if i >> bit & 1 else 'Ez' for bit in range(KEY_BYTES // 2))


def same_sample(count):
    """
    The size and some words of a text are all that a cheap index can look at (base/recent.h: words at
    each quarter of it). These differ only before the first of them.
    """
    tail = 'k' * (KEY_BYTES - 20)
    for i in range(count):
        yield f'{i:020}' + tail


def honest(count):
    draw = random.Random(1)
    for _ in range(count):
        yield ''.join(draw.choice(LETTERS) for _ in range(KEY_BYTES))


CRAFTED = [('equal under djb2', same_djb2), ('one cheap index', same_sample)]
FIELDS = [
    ('path', lambda key: {'path': '/' + key[1:]}),
    ('agent', lambda key: {'agent': key}),
    ('referrer', lambda key: {'referrer': f'https://{key[:48]}.example/{key[48:]}'}),
    ('host name', lambda key: {'address': key}),
]


def keyed(keys, field, lines):
    keys = list(keys)
    return (line(i // 8, **{'address': address_of(i % 500), **field(keys[i % len(keys)])})
            for i in range(lines))


def write(path, lines):
    """Made unless it is there."""
    if not os.path.exists(path):
        with open(path + '.new', 'w', encoding='ascii') as log:
            log.writelines(lines)
        os.rename(path + '.new', path)
    return path
