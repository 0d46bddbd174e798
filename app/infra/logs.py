"""Logs: for machines one JSON object a line, for people text in which nobody forges a line."""

import copy
import json
import logging
from datetime import UTC, datetime
from typing import Any

from app.infra import task

_TEXT = "[%(asctime)s] %(levelname)s in %(module)s: %(message)s"
_INDENT = "    "


class JsonLines(logging.Formatter):
    """Formats a record as one line of JSON; its `fields` (`extra={"fields": {…}}`) stand in it.

    A line break from outside is escaped like everything else, so that nobody can forge a line.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without its end."""
        under_way = task.current()
        said = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": under_way.name or None,
            "user_id": under_way.user_id,
            "exception": self.formatException(record.exc_info) if record.exc_info else None,
            **getattr(record, "fields", {}),
        }
        return json.dumps({name: value for name, value in said.items() if value is not None})


class TextLines(logging.Formatter):
    """Formats a record as text for a terminal, in which nothing from outside acts or deceives.

    What cannot be printed is written out: a line break in a path begins no line, an escape moves
    no cursor. The lines of a traceback stay lines, and are indented, so that none looks like a
    line of the log.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the text, without its end."""
        # What another formatter has made of the exception is stored in the record.
        fresh = copy.copy(record)
        fresh.exc_text = None
        return super().format(fresh)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        """Return the line itself, printable throughout."""
        return _printable(super().formatMessage(record))

    def formatException(self, ei: Any) -> str:  # noqa: N802
        """Return the traceback, indented."""
        lines = super().formatException(ei).split("\n")
        return "\n".join(_INDENT + _printable(line) for line in lines)


def _printable(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def write_text(logger: logging.Logger) -> None:
    """Let `logger`, and every one that has no handler of its own, write text from now on."""
    for handler in logger.handlers:
        handler.setFormatter(TextLines(_TEXT))
    if logging.lastResort:
        logging.lastResort.setFormatter(TextLines(_TEXT))


def write_json() -> None:
    """Let every logger of this process write JSON lines to standard error, from now on."""
    root = logging.getLogger()
    if any(isinstance(handler.formatter, JsonLines) for handler in root.handlers):
        return
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    root.addHandler(handler)
    # What the app itself says; of libraries only their warnings.
    logging.getLogger("app").setLevel(logging.INFO)
    logging.captureWarnings(True)
