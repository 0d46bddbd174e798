"""Export: everything that somebody has, in one file to take along."""

import tempfile
from typing import Any

from flask import Blueprint, send_file

from app.infra import clock, db
from app.infra.limits import limiter
from app.operations import audit as log
from app.queries import export
from app.rules.audit import Event
from app.rules.export import file_name
from app.web import access, audit, htmx
from app.web.fresh import fresh
from app.web.once import once

bp = Blueprint("export", __name__)

# Seconds. Ten years of two hundred habits take some; nginx waits as long at this address.
_TAKES = 50


def _whose() -> str:
    return f"export {access.actor().user_id}"


@bp.get("/export")
def show() -> Any:
    """Say what is in the file."""
    return htmx.page("export/show.html")


@bp.post("/export")
@limiter.limit("12 per hour", key_func=_whose)
@fresh
def create() -> Any:
    """Answer with the file. It is whole before the answer begins, and gone when that has ended."""
    who, now = access.actor(), clock.now()
    with once() as writing:
        if writing:
            log.note(writing, who.user_id, Event.EXPORTED, audit.here())
    # It has no name in any folder: whatever happens to this process, nothing of it stays. Whoever
    # sends it closes it.
    file = tempfile.TemporaryFile()  # noqa: SIM115
    try:
        with db.patient(_TAKES), db.snapshot() as reading:
            export.write(reading, who.user_id, now, file)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    answer = send_file(file, "application/zip", as_attachment=True, download_name=file_name(now))
    # It says that a browser may keep it.
    answer.headers["Cache-Control"] = "no-store"
    return answer
