"""Every request is counted and timed, and has a line in the log for machines."""

import logging
from collections.abc import Container

from flask import Flask, Response, request

from app.infra import metrics, task
from app.web import paths

# Below the app's own logger, whose text for people leaves these lines out.
_log = logging.getLogger("app.access")


def init_app(app: Flask, probes: Container[str | None]) -> None:
    """Count and log every answer. Registered first, it sees each answer last, when it is complete.

    `probes` are the endpoints that are asked every few seconds: their lines would be most of the
    log, and are left out.
    """
    app.after_request(lambda response: _note(response, request.endpoint not in probes))
    app.teardown_request(lambda _error: task.end())


def _note(response: Response, is_logged: bool) -> Response:
    done, status = task.current(), response.status_code
    seconds = done.seconds
    # The name of the view: paths are as many as there are habits and people who try.
    metrics.answered(request.endpoint or "none", status, seconds)
    if is_logged and _log.isEnabledFor(logging.INFO):
        fields = {
            "method": request.method,
            "path": paths.logged(),
            "status": status,
            "duration_ms": round(seconds * 1000, 1),
            "statements": done.statements,
        }
        _log.info("answered", extra={"fields": fields})
    return response
