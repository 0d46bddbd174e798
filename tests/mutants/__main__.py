"""Put every mutant into a copy of the project and tell which of them no test noticed.

    make mutants                    # all of them
    make mutants MUTANTS=queries    # those whose file or text holds this

Ends with 1 when a mutant survives, when a list is stale, or when the tests fail without any.
"""

import compileall
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from py_compile import PycInvalidationMode
from queue import SimpleQueue

from app.infra import local_postgres
from tests.mutants.lists import MUTANTS
from tests.mutants.mutant import ROOT, Mutant

_AT_ONCE = 2
# Seconds, on a machine that others use too.
_LONGEST = 600
# What pytest returns when tests ran and some failed. Anything else, and no end, is no answer, and
# as bad as a mutant that survives.
_PASSED, _FAILED = 0, 1
# What is not in the repository, and what a copy cannot do without.
_LINKED = (".venv", "node_modules")


def main(wanted: str) -> int:
    """Try the mutants that hold the text `wanted` and return the status to end with."""
    mutants = [mutant for mutant in MUTANTS if wanted in str(mutant)]
    if stale := [mutant for mutant in mutants if mutant.is_stale]:
        return _tell("stale, the text to change does not stand there exactly once", stale)
    with _copies() as copies:
        tests = sorted({path for mutant in mutants for path in mutant.tests})
        if mutants and _run(copies, tests) != _PASSED:
            return _tell("the tests fail without any mutant:", tests)
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            noticed = list(pool.map(lambda mutant: _is_noticed(copies, mutant), mutants))
    survivors = [m for m, is_noticed in zip(mutants, noticed, strict=True) if not is_noticed]
    return _tell(f"{len(mutants)} mutants, survivors: {len(survivors)}", survivors)


def _tell(sentence: str, lines: list[Mutant] | list[str]) -> int:
    print(sentence, *lines, sep="\n  ")
    return int(bool(lines))


@contextmanager
def _copies() -> Iterator[SimpleQueue[Path]]:
    """Make the copies of the project, and one PostgreSQL for the tests in all of them."""
    copies: SimpleQueue[Path] = SimpleQueue()
    with tempfile.TemporaryDirectory(prefix="commit-life-mutants-") as folder:
        for number in range(_AT_ONCE):
            copies.put(_copy(Path(folder) / str(number)))
        with _postgres():
            yield copies


@contextmanager
def _postgres() -> Iterator[None]:
    if "TEST_DATABASE_URL" in os.environ:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="commit-life-mutants-") as folder:
        data_dir = Path(folder).resolve()
        os.environ["TEST_DATABASE_URL"] = local_postgres.acquire(data_dir)
        try:
            yield
        finally:
            local_postgres.release(data_dir)


def _copy(target: Path) -> Path:
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    files = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, files.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    for name in _LINKED:
        if (ROOT / name).exists() and not (target / name).exists():
            (target / name).symlink_to((ROOT / name).resolve())
    # Compiled files tell an old text from a new one by second and size, which is too coarse here;
    # these do by the text itself, also when they are written anew.
    by_text = PycInvalidationMode.CHECKED_HASH
    compileall.compile_dir(target / "app", quiet=1, invalidation_mode=by_text)
    return target


def _is_noticed(copies: SimpleQueue[Path], mutant: Mutant) -> bool:
    status = _run(copies, mutant.tests, mutant)
    said = {_PASSED: "SURVIVES", _FAILED: "noticed"}
    print(f"{said.get(status, f'NO ANSWER ({status})')}  {mutant}", flush=True)
    return status == _FAILED


def _run(
    copies: SimpleQueue[Path], tests: Sequence[str], mutant: Mutant | None = None
) -> int | None:
    """Return the status of pytest in a copy with the mutant in it; None when it never ends."""
    copy = copies.get()
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    try:
        if mutant:
            _write(copy, mutant.file, mutant.old, mutant.new)
        return subprocess.run(
            command, cwd=copy, timeout=_LONGEST, stdout=subprocess.DEVNULL
        ).returncode
    except subprocess.TimeoutExpired:
        return None
    finally:
        if mutant:
            shutil.copy2(ROOT / mutant.file, copy / mutant.file)
        copies.put(copy)


def _write(copy: Path, file: str, old: str, new: str) -> None:
    path = copy / file
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
