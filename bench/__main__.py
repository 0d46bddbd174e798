"""`make bench`: build the data, measure, print the table; exit status 1 where a budget is missed.

BENCH_SIZE=small builds a small crowd for a quick look. BENCH_DATABASE_URL names a server whose
account may create databases; without it the embedded PostgreSQL runs in a folder of its own.
"""

import logging
import os
import sys

from bench import rows, stage, table

# Users around those that are measured, and how often each way is measured.
_SIZES = {"full": (10_000, 300), "small": (200, 100)}


def main() -> int:
    """Run the benchmark and return the exit status."""
    size = os.environ.get("BENCH_SIZE") or "full"
    if size not in _SIZES:
        print(f"BENCH_SIZE must be full or small, not {size!r}.", file=sys.stderr)
        return 2
    users, rounds = _SIZES[size]
    logging.disable(logging.INFO)
    print(f"Building {users} users with their commits …", flush=True)
    with stage.app_among(users, os.environ.get("BENCH_DATABASE_URL")) as app:
        print(f"Measuring, {rounds} times each …\n", flush=True)
        found = rows.measured(app, rounds)
    print(table.HEAD, *found, sep="\n")
    missed = [row.what for row in found if row.missed]
    print(f"\nMissed: {', '.join(missed)}." if missed else "\nEvery budget is kept.")
    return int(bool(missed))


if __name__ == "__main__":
    raise SystemExit(main())
