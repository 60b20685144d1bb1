"""Visits of a log that loggen --people wrote, counted straight from the definitions.

Shares nothing with sojourn or loggen. Who is a person is taken from the truth; what a visit is, and
where it came from, is found in the log. It knows the sources that are planted, and no more.
"""
import collections
import datetime
import ipaddress
import re

LINE = re.compile(r'(\S+) \S+ \S+ \[([^]]*)\] "(\S+) (\S+) [^"]*" (\d{3}) \S+ "([^"]*)" "([^"]*)"')
FILE = re.compile(r'\.(css|js|png|txt)$', re.I)
Hit = collections.namedtuple('Hit', 'time is_page path source')
HOSTS = {'google.com': 'search', 'google.de': 'search', 'bing.com': 'search', 'duckduckgo.com': 'search',
         'facebook.com': 'social', 'reddit.com': 'social', 'chatgpt.com': 'ai-assistant',
         'perplexity.ai': 'ai-assistant', 'mail.google.com': 'email'}
NAMES = {'google.de': 'google.com'}


def network(address):
    parsed = ipaddress.ip_address(address)
    return str(ipaddress.ip_network(f'{address}/64', strict=False)) if parsed.version == 6 else address


def source_of(referrer, query):
    """(class, name, campaign) as the planned log has them; no more than that."""
    values = dict(item.split('=', 1) for item in query.split('&') if '=' in item)
    campaign = values.get('utm_campaign', '').replace('+', ' ')
    host = referrer.split('/')[2] if '//' in referrer else ''
    host = re.sub(r'^(www|l)\.', '', host)
    if values.get('utm_medium') == 'email':
        return 'email', values['utm_source'], campaign
    if 'gclid' in values:
        return 'campaign', 'google ads', campaign
    if values.get('utm_source') in HOSTS:
        return HOSTS[values['utm_source']], values['utm_source'], campaign
    if 'utm_source' in values:
        return 'campaign', values['utm_source'], campaign
    if host in HOSTS:
        return HOSTS[host], NAMES.get(host, host), campaign
    if not host or host.endswith('shop.example'):
        return 'direct', '', campaign
    return 'referral', host, campaign


def read_people(log, rows):
    """The hits of everybody who is a person by the truth, in order: {visitor: [Hit]}."""
    classes = {(network(row['address']), row['agent']): row['class'] for row in rows}
    visitors = collections.defaultdict(list)
    for line in log.decode().splitlines():
        address, stamp, method, url, _, referrer, agent = LINE.match(line).groups()
        visitor = network(address), agent
        if classes[visitor] == 'person':
            path, _, query = url.partition('?')
            is_page = method in ('GET', 'POST') and not FILE.search(path)
            at = int(datetime.datetime.strptime(stamp, '%d/%b/%Y:%H:%M:%S %z').timestamp())
            visitors[visitor].append(Hit(at, is_page, path, source_of(referrer, query)))
    return visitors


def begins_anew(hit, visit, rules):
    """Does a page view begin a new visit by one of the rules that look at page views?"""
    if not hit.is_page:
        return False
    if rules.get('max_s') and hit.time - visit[0].time > rules['max_s']:
        return True
    views = [other for other in visit if other.is_page]
    if not views or hit.source[0] == 'direct':
        return False
    old, new = views[0].source, hit.source
    is_campaign = bool(new[2]) or new[0] == 'campaign'
    return rules.get('source', False) and new[:2] != old[:2] or \
        rules.get('campaign', False) and is_campaign and new != old


def count_visits(hits, rules):
    """Visits as lists of hits. Hits of a second stay as they stand in the log."""
    visits = []
    for span in spans_of(sorted(hits, key=lambda hit: hit.time), rules):
        visits.append([])
        for hit in span:
            if visits[-1] and begins_anew(hit, visits[-1], rules):
                visits.append([])
            visits[-1].append(hit)
    return visits


def spans_of(hits, rules):
    spans, last = [], None
    for hit in hits:
        if last is None or hit.time - last.time > rules.get('timeout_s', 1800) or \
                'zone_s' in rules and day(hit, rules) != day(last, rules):
            spans.append([])
        spans[-1].append(hit)
        last = hit
    return spans


def day(hit, rules):
    return (hit.time + rules['zone_s']) // 86400


def visit_rows(visitors, rules):
    for visitor, hits in visitors.items():
        for i, visit in enumerate(count_visits(hits, rules)):
            views = [hit for hit in visit if hit.is_page]
            yield {'visitor': visitor, 'visit': (visitor, i), 'first_time': visit[0].time,
                   'exit_time': views[-1].time if views else 0, 'page_views': len(views),
                   'source': views[0].source[0] if views else '',
                   'landing': views[0].path if views else '', 'exit': views[-1].path if views else '',
                   'referrer': views[0].source[1] if views else '',
                   'campaign': views[0].source[2] if views else ''}
