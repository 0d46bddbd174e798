"""Logs for machines: one JSON object a line, whatever is in it, each named by its request."""

import json
import logging
from datetime import UTC, datetime

from app.infra import task


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
