"""Writes all parts of an export into a zip, row by row: however long a life, memory stays small."""

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from sqlalchemy import Connection, text

from app.queries.export.parts import ACCOUNT, ACCOUNT_NAME, LISTS
from app.queries.export.tables import TABLES, harmless
from app.rules.errors import NotYours
from app.rules.export import FORMAT, JSON_FILE, README_FILE, VERSION, readme

# Rows that are in memory at once, and how hard they are packed: as quick as they are read.
_ROWS_AT_ONCE = 2000
_LEVEL = 3
# Characters that are packed at once.
_PIECE = 1 << 16


def write(reading: Connection, user_id: int, now: datetime, file: IO[bytes]) -> None:
    """Write everything of the user's into `file`, a zip, as the one snapshot of `reading` has it.

    Raises NotYours where there is no such user.
    """
    account = reading.scalar(text(ACCOUNT_NAME), {"me": user_id})
    if account is None:
        raise NotYours
    values = {"me": user_id, "account": account}
    with ZipFile(file, "w") as archive:
        _add(archive, README_FILE, now, [readme(now)])
        _add(archive, JSON_FILE, now, _json(reading, values, now))
        for name, sql in TABLES.items():
            _add(archive, name, now, _csv(harmless(_rows(reading, sql, {"me": user_id}))))


def _json(reading: Connection, values: dict[str, Any], now: datetime) -> Iterator[str]:
    head = {"format": FORMAT, "version": VERSION, "exported_at": now.isoformat()}
    yield json.dumps(head)[:-1]
    yield f',\n"account": {reading.scalar(text(ACCOUNT), values)}'
    for name, sql in LISTS.items():
        yield f',\n"{name}": ['
        separator = "\n"
        rows = _rows(reading, f"SELECT CAST(o AS text) FROM ({sql}) AS part (o)", values)
        next(rows)
        for (one,) in rows:
            yield separator + one
            separator = ",\n"
        yield "]"
    yield "}\n"


class _Line:
    """A file for the csv module whose lines come back from `writerow`."""

    def write(self, line: str) -> str:
        return line


def _csv(rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    writer = csv.writer(_Line())
    # What `writerow` returns is what the file's `write` does.
    yield from map(writer.writerow, rows)


def _rows(reading: Connection, sql: str, values: dict[str, Any]) -> Iterator[Any]:
    """Yield the names of the columns, and then every row; few are in memory at a time."""
    options = {"stream_results": True, "yield_per": _ROWS_AT_ONCE}
    result = reading.execute(text(sql), values, execution_options=options)
    yield tuple(result.keys())
    yield from result


def _add(archive: ZipFile, name: str, now: datetime, texts: Iterable[str]) -> None:
    entry = ZipInfo(name, now.timetuple()[:6])
    entry.compress_type, entry._compresslevel = ZIP_DEFLATED, _LEVEL  # type: ignore[attr-defined]
    entry.external_attr = 0o600 << 16
    with archive.open(entry, "w", force_zip64=True) as part:
        for some in _joined(texts):
            part.write(some.encode())


def _joined(texts: Iterable[str]) -> Iterator[str]:
    """Yield the same text in larger pieces, which are packed more quickly."""
    piece, length = [], 0
    for some in texts:
        piece.append(some)
        length += len(some)
        if length > _PIECE:
            yield "".join(piece)
            piece, length = [], 0
    yield "".join(piece)
