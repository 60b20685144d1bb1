"""What scripts that check properties share: running the programs, reading and comparing CSV."""
import csv
import itertools
import os
import pathlib
import shutil
import subprocess

DATA = pathlib.Path(__file__).resolve().parent / 'data'
GEO = DATA / 'geo' / 'country-test.mmdb'


class Score:
    def __init__(self):
        self.passed = self.failed = 0

    def check(self, name, problems):
        """A property holds when there are no problems; the first ten are shown."""
        if not problems:
            self.passed += 1
            return
        self.failed += 1
        print(f'FAILED: {name}')
        for problem in problems[:10]:
            print(f'    {problem}')
        if len(problems) > 10:
            print(f'    and {len(problems) - 10} more')


class Programs:
    def __init__(self, work, options):
        """`options` are those of every report, besides the country database."""
        self.sojourn, self.loggen = os.environ.get('SOJOURN', ''), os.environ.get('LOGGEN', '')
        self.work, self.options, self.runs = work, list(options), 0

    def make_log(self, name, options):
        folder = self.work / name
        subprocess.run([self.loggen, *options.split(), '--out', str(folder)], check=True)
        return folder

    def report(self, folder, files, threads=2, stdin=None, open_files=None, more=()):
        """
        All output files of a run in that folder, as {name: bytes}; text when it failed. The run may
        have no more than `open_files` files open. `more` are options for this run.
        """
        self.runs += 1
        out = self.work / f'report-{self.runs}'
        limit = ['sh', '-c', f'ulimit -n {open_files}; exec "$@"', 'sh'] if open_files else []
        command = [*limit, self.sojourn, '--quiet', '--geo', str(GEO), *self.options, *more,
                   '--threads', str(threads), '-o', f'{out}/', *files]
        result = subprocess.run(command, cwd=folder, stdin=stdin or subprocess.DEVNULL,
                                capture_output=True, check=False)
        if result.returncode or result.stdout or not out.is_dir():
            words = result.stderr.decode(errors='replace').strip()
            return f'no report, or more than that; status {result.returncode}: {words}'
        outputs = {path.name: path.read_bytes() for path in out.iterdir()}
        shutil.rmtree(out)
        return outputs


def table(data):
    return list(csv.DictReader(data.decode().splitlines()))


def compare_rows(truth, found, keys, numbers=()):
    """Rows are found by their keys; each column of the truth has to be there, the same."""
    problems, seen = [], {}
    for row in found:
        seen[tuple(row.get(key) for key in keys)] = row
    if len(seen) != len(found):
        problems.append('rows stand twice')
    for row in truth:
        key = tuple(row[name] for name in keys)
        other = seen.pop(key, None)
        for column, value in row.items():
            got = other.get(column) if other else None
            if column in numbers and value and got:
                same = abs(float(value) - float(got)) < 0.00051
            else:
                same = value == got
            if not same:
                problems.append(f'{" ".join(key)} {column}: truth {value}, report {got}')
    return problems + [f'{" ".join(key)}: not in the truth' for key in seen]


def number(text):
    return int(text) if text else 0


# ---- equal outputs ----

ALL, NO_COMPRESSION, NO_INPUTS = range(3) # what has to be the same


def comparable(outputs, what):
    """The outputs that say nothing about the form of the inputs."""
    kept = {name: data for name, data in outputs.items()
            if what == ALL or name.endswith('.csv') and name not in ('inputs.csv', 'lines.csv')}
    if what == NO_COMPRESSION:
        kept['inputs.csv'] = [{key: value for key, value in row.items()
                               if key not in ('file', 'compression')}
                              for row in table(outputs['inputs.csv'])]
    return kept


def difference(expected, found, what):
    if isinstance(expected, str) or isinstance(found, str):
        return [text for text in (expected, found) if isinstance(text, str)]
    expected, found = comparable(expected, what), comparable(found, what)
    problems = [f'{name}: not in both' for name in expected.keys() ^ found.keys()]
    for name in sorted(expected.keys() & found.keys()):
        if expected[name] != found[name]:
            problems.append(f'{name} differs{first_difference(expected[name], found[name])}')
    return problems


def first_difference(one, other):
    if isinstance(one, list):
        return ''
    pairs = itertools.zip_longest(one.split(b'\n'), other.split(b'\n'))
    at, (mine, theirs) = next((i, p) for i, p in enumerate(pairs, 1) if p[0] != p[1])
    return f' in line {at}:\n        {str(mine)[:200]}\n        {str(theirs)[:200]}'


def missing():
    for name in ('SOJOURN', 'LOGGEN'):
        if not os.access(os.environ.get(name, ''), os.X_OK):
            return f'{name} does not name a program'
    return '' if GEO.exists() else f'{GEO} is missing'
