"""Every request is counted and timed, and has a line in the log for machines."""

import logging

from flask import Flask, Response, request

from app.infra import metrics, task

# Below the app's own logger, whose text for people leaves these lines out.
_log = logging.getLogger("app.access")
# They come every few seconds, and would be most of the log.
_PROBES = {"health.healthz", "health.readyz", "metrics.show"}


def init_app(app: Flask) -> None:
    """Watch what is answered. What is registered first sees an answer last, and whole."""
    app.after_request(_note)
    app.teardown_request(lambda _error: task.end())


def _note(response: Response) -> Response:
    done, status = task.current(), response.status_code
    seconds = done.seconds
    # The name of the view: paths are as many as there are habits and people who try.
    metrics.answered(request.endpoint or "none", status, seconds)
    if request.endpoint not in _PROBES and _log.isEnabledFor(logging.INFO):
        fields = {
            "method": request.method,
            "path": request.path,
            "status": status,
            "duration_ms": round(seconds * 1000, 1),
            "statements": done.statements,
        }
        _log.info("answered", extra={"fields": fields})
    return response
