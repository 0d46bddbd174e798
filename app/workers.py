"""How gunicorn runs the app, here and in containers: `gunicorn --config python:app.workers …`.

gunicorn takes the names that it knows from this module. The master makes the app once for all
workers and gets it ready, so that the first answer of a fresh worker is as quick as any.
"""

import gc
import os
import sys
from itertools import count
from typing import Any

from gunicorn.glogging import Logger

from app.config import Settings, SettingsError
from app.infra import logs, metrics
from app.infra.db import POOL_SIZE
from app.infra.deadline import REQUEST_SECONDS
from app.infra.turns import Turns
from app.infra.web_worker import WebWorker
from app.web import readiness, security

_MEMORY = "/dev/shm"

try:
    _settings = Settings.from_environ()
except SettingsError as error:
    raise SystemExit(str(error)) from error


class _Logger(Logger):
    """gunicorn's own lines, as JSON or as text like those of the app."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        text = logs.TextLines(self.error_fmt, self.datefmt)
        for handler in self.error_log.handlers:
            handler.setFormatter(logs.JsonLines() if _settings.json_logs else text)


workers = _settings.workers
worker_class = WebWorker
WebWorker.headers = {**security.HEADERS, "Cache-Control": "no-store"}
# Each with its database connection: with more threads than those, one would wait for another.
threads = POOL_SIZE
preload_app = True
# Now and then a fresh worker. When its turn comes is decided below.
max_requests, max_requests_jitter = 5000, 500
timeout, graceful_timeout = 30, REQUEST_SECONDS
# Longer than a proxy keeps an idle connection, so that none is closed under a press.
keepalive = 75
# A worker's sign of life is a file, and a busy disk would make it look dead.
worker_tmp_dir = _MEMORY if os.access(_MEMORY, os.W_OK) else None
control_socket_disable = True
# Whom to believe is said in one place, PROXY_HOPS: a proxy's container has no fixed address.
forwarded_allow_ips = ""
# The app writes a line for each request itself.
accesslog = None
logger_class = _Logger


# Of the master; the workers have it from there.
_turns = Turns(workers, worker_tmp_dir)


def on_starting(server: Any) -> None:
    """Get ready what all workers share, keep it shared, and begin all counters at 0."""
    readiness.prepare(server.app.wsgi())
    # A collection writes into every object that it looks at, and so into each worker's own copy.
    gc.collect()
    gc.freeze()
    if _settings.metrics_dir:
        metrics.forget(_settings.metrics_dir)


def pre_fork(server: Any, worker: Any) -> None:
    """Give the coming worker the lowest slot that no living one has."""
    taken = {living.slot for living in server.WORKERS.values()}
    worker.slot = next(slot for slot in count() if slot not in taken)


def post_fork(server: Any, worker: Any) -> None:
    """Let the worker count in its slot."""
    if _settings.metrics_dir:
        metrics.take_slot(worker.slot, _settings.metrics_dir)
        metrics.pool_size.set(POOL_SIZE)


def post_worker_init(worker: Any) -> None:
    """Keep gunicorn from ending the worker at its number of requests: the workers take turns."""
    worker.goes_after, worker.max_requests = worker.max_requests, sys.maxsize


def pre_request(worker: Any, request: Any) -> None:
    """Let gunicorn end the worker after this request, if it is due to go and its turn has come."""
    if worker.nr + 1 >= worker.goes_after and _turns.leave(worker.slot):
        worker.max_requests = worker.goes_after


def post_request(worker: Any, request: Any, environ: Any, response: Any) -> None:
    """Note that the worker has answered, so that another one may go."""
    _turns.serve(worker.slot)
