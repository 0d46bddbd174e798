"""`make bench`: build the data, measure, print the table.

The exit status is 0 when every budget is kept, and 1 otherwise.

BENCH_SIZE=small builds a small crowd for a quick look. BENCH_DATABASE_URL names a server on this
machine whose account may create databases; without it the embedded PostgreSQL runs in a folder of
its own. `python -m bench --json FILE` writes the lines to FILE as well.
"""

import argparse
import json
import logging
import os
import sys
from pathlib import Path

from bench import measure, rows, stage, table

# Users around those that are measured, and how often each way is measured in each run.
_SIZES = {"full": (10_000, 120), "small": (200, 25)}


def _json_file() -> Path | None:
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the lines to FILE as well")
    file: Path | None = parser.parse_args().json
    return file


def main() -> int:
    """Run the benchmark and return the exit status."""
    size = os.environ.get("BENCH_SIZE") or "full"
    if size not in _SIZES:
        print(f"BENCH_SIZE must be full or small, not {size!r}.", file=sys.stderr)
        return 2
    json_file = _json_file()
    users, rounds = _SIZES[size]
    logging.disable(logging.INFO)
    print(f"Building {users} users with their commits …", flush=True)
    with stage.app_among(users, os.environ.get("BENCH_DATABASE_URL")) as app:
        print(f"Measuring, {rounds} times each in each of {measure.RUNS} runs …\n", flush=True)
        found = rows.measured(app, rounds)
    print(table.HEAD, *found, sep="\n")
    if json_file:
        json_file.write_text(json.dumps([row.as_json() for row in found], indent=1))
    missed = [row.what for row in found if row.missed]
    unknown = [row.what for row in found if row.unknown]
    print()
    if missed:
        print(f"Missed: {'; '.join(missed)}.")
    if unknown:
        print(f"PostgreSQL's processes cannot be seen from here. Unknown: {'; '.join(unknown)}.")
    if not missed and not unknown:
        print("Every budget is kept.")
    return int(bool(missed or unknown))


if __name__ == "__main__":
    raise SystemExit(main())
