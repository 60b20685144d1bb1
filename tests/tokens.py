"""Tokens in every field of a log: nothing of them may be shown, but where it may be.

For people-run. A token is a word that stands once in a log, in one field of one line; only some pages,
campaigns and referring hosts have as many visitors as is needed to be shown.
"""
import os
import re
import shutil
import subprocess
import threading
import time

from properties import GEO

TOKEN_FORMAT = ('%v %h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i" "%{X-Forwarded-For}i" '
                 '"%{Cookie}i" "%{X-Session}i"')
LINES = 1000
SHARED = 20 # visitors of what may be shown
DIMENSIONS = ['region', 'subdivision', 'city', 'agent', 'source', 'referrer', 'campaign', 'landing',
              'exit', 'device', 'browser', 'host']


def word(field, i):
    return f'zq{field}{i:04}x'


def token_line(i):
    """Each field has a token of its own; odd ones have an address, even ones a host's name."""
    def token(field):
        return word(field, i)
    address = f'10.{i % 10}.{77 + i // 250}.{i % 250 + 1}' if i % 2 else f'{token("addr")}.isp.example'
    user = token('user') if i % 5 else '-'
    referrer = [f'https://{token("refhost")}.example/{token("refpath")}?q={token("refquery")}'
                f'#{token("frag")}',
                f'https://www.google.com/search?q={token("refquery")}',
                f'https://user:{token("refuser")}@www.shop.example/{token("refpath")}',
                f'{token("refgarbage")}'][i % 4]
    query = [f'q={token("query")}&{token("name")}=1',
             f'utm_source={token("utm")}&utm_campaign={token("utmc")}',
             f'gclid={token("gclid")}&email={token("mail")}@example.com',
             f'utm_medium={token("utmm")}'][i // 4 % 4]
    agent = [f'Mozilla/5.0 (Windows NT 10.0; {token("agent")}) AppleWebKit/537.36 (KHTML, like Gecko) '
             f'Chrome/142.0.0.0 Safari/537.36', token('agent'), f'{token("agent")}bot/1.0',
             f'Mozilla/5.0 (compatible; Googlebot/2.1; {token("agent")})'][i // 2 % 4]
    path = f'/{token("path")}/{token("file")}' if i % 3 else f'/{token("path")}.{token("ext")}'
    method = 'POST' if i % 7 == 0 else 'GET'
    minute, second = divmod(i * 7, 60)
    hour, minute = divmod(minute, 60)
    forwarded = f'{token("spoof")}, 10.{i % 10}.{90 + i // 250}.{i % 250 + 1}, {token("fwd")}'
    return (f'{token("vhost")}.example {address} {token("ident")} {user} '
            f'[03/Nov/2026:{hour:02}:{minute:02}:{second:02} +0000] "{method} {path}?{query} HTTP/1.1" '
            f'{[200, 404, 500, 302][i % 4] if i % 6 else 200} 512 "{referrer}" "{agent}" "{forwarded}" '
            f'"uid={token("uid")}; {token("cname")}={token("cookie")}" "{token("session")}"')


def shared_line(i):
    """Shared by many: their page, campaign and referrer may be shown, nothing else of them."""
    agent = 'Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0'
    marks = 'utm_source=zqsharedsourcex&utm_medium=cpc&utm_campaign=zqsharedcampaignx&'
    return (f'www.shop.example 10.3.9.{i + 1} - - [03/Nov/2026:10:{i:02}:00 +0000] '
            f'"GET /zqsharedpathx;sid={word("sharedsession", i)}?{marks if i % 2 else ""}'
            f'v={word("sharedquery", i)} HTTP/1.1" 200 512 '
            f'"https://zqsharedhostx.example/{word("sharedref", i)}" '
            f'"{agent}" "-" "uid={word("shareduid", i)}" "-"')


def rejected_line(i):
    """Fits the format but for its time, or not at all."""
    line = token_line(LINES + i)
    return line.replace('/Nov/', '/Foo/') if i % 2 else line.replace('"', '', 1)


ADDRESS = re.compile(rb'(?<![\d.])10(?:\.\d{1,3}){3}(?![\d.])')
TOKEN = re.compile(rb'zq[a-z]+\d*x', re.I)
MAY_SHOW = {b'zqsharedpathx', b'zqsharedsourcex', b'zqsharedcampaignx', b'zqsharedhostx'}
TOKEN_KEYS = {
    'address+agent': '',
    'cookie': 'visitor: [cookie:uid, user, address+agent]',
    'header': 'visitor: [header:X-Session, query:q, address]',
    'query': 'visitor: [query:q, address+agent+host]\n'
             'visit: {split_by_referrer: true, cut_on_new_source: true}\nshow_query: [page]',
}


class Tokens:
    def __init__(self, bench):
        self.bench, self.temporary = bench, bench.work / 'tmp'
        self.temporary.mkdir()
        lines = [token_line(i) for i in range(LINES)] + [shared_line(i) for i in range(SHARED)]
        self.log = '\n'.join(lines).encode() + b'\n'
        self.addresses = set(ADDRESS.findall(self.log))

    def run(self, arguments, data=None):
        """(status, stdout, stderr); what was left behind is added to stderr."""
        environment = {**os.environ, 'TMPDIR': str(self.temporary), 'HOME': str(self.temporary)}
        result = subprocess.run([self.bench.programs.sojourn, *arguments], capture_output=True,
                                input=data, env=environment, cwd=self.temporary.parent, check=False)
        left = [str(path) for path in self.temporary.rglob('*')]
        return result.returncode, result.stdout, result.stderr + '\n'.join(left).encode()

    def shown(self, data):
        found = {match.lower() for match in TOKEN.findall(data)} - MAY_SHOW
        return sorted(found | self.addresses.intersection(ADDRESS.findall(data)))

    def check(self, name, pieces):
        """`pieces` by name: none of them may have a token."""
        problems = []
        for piece, data in pieces.items():
            found = self.shown(data)
            if found:
                problems.append(f'{piece} shows {len(found)}: {b" ".join(found[:5]).decode()}')
        self.bench.check(f'tokens, {name}', problems)

    def report(self, folder, name, options):
        out = self.bench.work / 'token-report'
        status, stdout, stderr = self.run([*options, '-o', f'{out}/', str(folder / 'access.log')])
        self.bench.check(f'tokens, {name}: a report', [] if status == 0 and out.is_dir() else
                         [f'status {status}: {stderr.decode(errors="replace")[:300]}'])
        files = {path.name: path.read_bytes() for path in out.rglob('*')} if out.is_dir() else {}
        shutil.rmtree(out, ignore_errors=True)
        self.check(name, {**files, 'stdout': stdout, 'stderr': stderr})
        return files


def check_tokens(bench):
    tokens = Tokens(bench)
    folder = bench.write('tokens', tokens.log)
    common = ['--geo', str(GEO), '--log-format', TOKEN_FORMAT]
    dimensions = [word for name in DIMENSIONS for word in ('--by', name)]
    for name, more in TOKEN_KEYS.items():
        files = tokens.report(folder, name, [*common, *bench.journey(more), *dimensions])
        text = b''.join(files.values())
        bench.check(f'tokens, {name}: what many share is shown',
                    [token.decode() for token in MAY_SHOW if token not in text.lower()])
    tokens.report(folder, 'trusted proxies',
                  [*common, *bench.journey(), '--trusted-proxy', '10.0.0.0/8', '--anonymize', '1',
                   '--max-keys', '50'])
    tokens.report(folder, 'bots are included',
                  [*common, *bench.journey(), '--include-bots', *dimensions])
    tokens.report(folder, 'default journey', common)
    log = str(folder / 'access.log')
    for kind in ('text', 'csv', 'html', 'json'):
        status, stdout, stderr = tokens.run([*common, *bench.journey(), '-o', '-', '--as', kind, log])
        tokens.check(f'--as {kind}', {'stdout': stdout, 'stderr': stderr})
    check_tokens_of_explain(bench, tokens, common, log)
    check_rejected_tokens(bench, tokens, common)
    check_temporary_files(bench, tokens, common)


SHOWN = re.compile(rb'zq(path|file|ext|refhost|utm|utmc|utmm)\d+x', re.I)


def check_tokens_of_explain(bench, tokens, common, log):
    """A visit hit by hit shows paths and where it came from, which was asked to be seen; nothing
    that says who it was."""
    for who in ('person', 'suspected', 'search', 'other', '10.1.77.2', '0' * 32):
        status, stdout, stderr = tokens.run(['explain', *common, *bench.journey(), '--samples', '2000',
                                               '--visit', who, log])
        seen = SHOWN.findall(stdout)
        bench.check(f'explain --visit {who}', [] if bool(seen) == (who[0] != '0') else
                    [f'{len(seen)} paths, status {status}: {stderr.decode(errors="replace")[:200]}'])
        tokens.check(f'explain --visit {who}', {'stdout': SHOWN.sub(b'', stdout), 'stderr': stderr})


def check_rejected_tokens(bench, tokens, common):
    """What is shown of lines that could not be read."""
    lines = tokens.log + '\n'.join(rejected_line(i) for i in range(200)).encode() + b'\n'
    folder = bench.write('rejected', lines)
    out = bench.work / 'rejected-report'
    tokens.run([*common, *bench.journey(), '-o', f'{out}/', str(folder / 'access.log')])
    secret = re.compile(rb'zq(addr|user|ident|query|utm|utmc|utmm|gclid|mail|agent|spoof|fwd|uid|cookie|'
                        rb'session|refquery|refuser|frag)\d+x', re.I)
    problems = [f'{path.name}: {match.group().decode()}' for path in sorted(out.iterdir())
                for match in secret.finditer(path.read_bytes())]
    shutil.rmtree(out)
    bench.check('tokens, lines that are rejected', problems)


def check_temporary_files(bench, tokens, common):
    """While the log is still read, nothing of it lies anywhere; afterwards only the report does."""
    pipe, out = bench.work / 'pipe', bench.work / 'piped-report'
    os.mkfifo(pipe)
    before = {path for path in bench.work.rglob('*')}
    seen = {}

    def feed():
        half = tokens.log.rindex(b'\n', 0, len(tokens.log) // 2) + 1
        with open(pipe, 'wb') as stream:
            stream.write(tokens.log[:half])
            stream.flush()
            time.sleep(0.5)
            for path in set(bench.work.rglob('*')) - before:
                if path.is_file():
                    seen[str(path.relative_to(bench.work))] = path.read_bytes()
            stream.write(tokens.log[half:])

    threading.Thread(target=feed, daemon=True).start()
    status, stdout, stderr = tokens.run([*common, *bench.journey(), '-o', f'{out}/', str(pipe)])
    files = {path.name: path.read_bytes() for path in out.iterdir()} if out.is_dir() else {}
    journeys = {name for name in seen if not name.startswith('journey')}
    bench.check('tokens, temporary files',
                [] if status == 0 and files else [stderr.decode(errors='replace')[:300]])
    bench.check('tokens, no file before the report is', sorted(journeys))
    tokens.check('piped', {**files, 'stdout': stdout, 'stderr': stderr})
