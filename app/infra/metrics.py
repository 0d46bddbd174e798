"""What `/metrics` tells: counted by every process of the place, summed when it is asked for.

With PROMETHEUS_MULTIPROC_DIR, which the library reads, each worker counts in files named by its
slot, a small number. The worker that follows it there goes on with the same files: counters never
fall, and there are never more files than workers. A command counts in files of its own.
"""

import platform
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
    start_http_server,
)
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from app.infra import backups, clock, counted_files

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"

# The slot of the process that does what needs no request.
WORKER = "worker"

_slot = "command"
_registry = CollectorRegistry()
_PLACE = "commit_life"
# Seconds: a page takes a few hundredths, and after 6 at the latest a request is given up.
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

disable_created_metrics()
# Before the first metric is made.
counted_files.name_by(lambda: _slot)

_requests = Counter(
    "requests", "Requests answered.", ["endpoint", "status"], _PLACE, registry=_registry
)
# By kind of status, since refusals are quick and would flatter the pages.
_request_seconds = Histogram(
    "request_seconds", "Seconds from a request to its answer.", ["endpoint", "status"], _PLACE,
    buckets=_BUCKETS, registry=_registry,
)  # fmt: skip
_commits = Counter(
    "commits", "Presses on Commit and Undo, by what they did.", ["act"], _PLACE, registry=_registry
)
_ledger_mismatches = Gauge(
    "ledger_mismatches", "Differences that the last verification of the ledger found.",
    namespace=_PLACE, multiprocess_mode="mostrecent", registry=_registry,
)  # fmt: skip
_ledger_verified = Gauge(
    "ledger_verified_timestamp_seconds", "When the ledger was last verified.",
    namespace=_PLACE, multiprocess_mode="mostrecent", registry=_registry,
)  # fmt: skip
_mails = Counter(
    "mails", "Messages that the worker has tried to send, by what became of them.", ["outcome"],
    _PLACE, registry=_registry,
)  # fmt: skip
_mail_waiting = Gauge(
    "mail_waiting", "Messages that wait to be sent.",
    namespace=_PLACE, multiprocess_mode="mostrecent", registry=_registry,
)  # fmt: skip
_mail_parked = Gauge(
    "mail_parked", "Messages that cannot be sent as they are: somebody has to look.",
    namespace=_PLACE, multiprocess_mode="mostrecent", registry=_registry,
)  # fmt: skip
_mail_oldest = Gauge(
    "mail_oldest_seconds", "How long the oldest message that waits has done so.",
    namespace=_PLACE, multiprocess_mode="mostrecent", registry=_registry,
)  # fmt: skip
# One worker may wait for its own pool while another's is idle, so they are not summed.
pool_in_use = Gauge(
    "pool_in_use", "Database connections in use, by process.",
    namespace=_PLACE, multiprocess_mode="all", registry=_registry,
)  # fmt: skip
pool_size = Gauge(
    "pool_size", "Database connections that a process may use, by process.",
    namespace=_PLACE, multiprocess_mode="all", registry=_registry,
)  # fmt: skip


def answered(endpoint: str, status: int, seconds: float) -> None:
    """Count an answer of the view `endpoint` that took `seconds`."""
    _requests.labels(endpoint, status).inc()
    _request_seconds.labels(endpoint, f"{status // 100}xx").observe(seconds)


def pressed(act: str) -> None:
    """Count a press on Commit or Undo that did `act`: kept, undone or unchanged."""
    _commits.labels(act).inc()


def verified(mismatches: int) -> None:
    """Note that the ledger was verified just now, and how many differences there are."""
    _ledger_mismatches.set(mismatches)
    _ledger_verified.set(clock.now().timestamp())


def mailed(outcome: str) -> None:
    """Count a message of which became `outcome`: sent, waiting, delayed or parked."""
    _mails.labels(outcome).inc()


def outbox(waiting: int, parked: int, oldest_seconds: float) -> None:
    """Note how many messages wait and are parked, and how long the oldest has waited."""
    _mail_waiting.set(waiting)
    _mail_parked.set(parked)
    _mail_oldest.set(oldest_seconds)


def forget(folder: Path) -> None:
    """Remove what an earlier run counted in `folder`.

    But for the worker, which may be there already: it goes on with what it has counted.
    """
    for file in folder.glob("*.db"):
        if not file.stem.endswith(f"_{WORKER}"):
            file.unlink(missing_ok=True)


def take_slot(slot: int | str, folder: Path) -> None:
    """Count in a slot of `folder` from now on, as the process that follows another there."""
    global _slot
    for file in folder.glob(f"*_{slot}.db"):
        # A worker that cannot open its file does not start: figures are not worth that.
        if not counted_files.is_whole(file):
            file.unlink()
    _slot = str(slot)
    # What the other one was just doing when it ended is over.
    pool_in_use.set(0)


@dataclass(frozen=True, slots=True)
class Report(Collector):
    """The answer of `/metrics`: all that is counted, and what is looked up when it is asked for.

    `folder` is where the processes count, None where this is the only one; `backups_dir` is the
    folder of the backups, None where that is somebody else's; `revision` is what was built.
    """

    folder: Path | None
    backups_dir: Path | None
    revision: str

    def text(self) -> bytes:
        """Return it in the format of Prometheus."""
        return generate_latest(self)

    def serve(self, port: int) -> None:
        """Answer with it on a port from now on, in a process that answers to nobody else."""
        registry = CollectorRegistry()
        registry.register(self)
        start_http_server(port, registry=registry)

    def collect(self) -> Iterable[Metric]:
        """Yield every metric."""
        yield from _registry.collect() if self.folder is None else counted_files.summed(self.folder)
        yield self._build()
        if self.backups_dir is not None:
            yield from _told(backups.look(self.backups_dir))

    def _build(self) -> Metric:
        labels = {"revision": self.revision, "python": platform.python_version()}
        build = GaugeMetricFamily(f"{_PLACE}_build_info", "What is running.", labels=list(labels))
        build.add_metric(list(labels.values()), 1)
        return build


def _told(known: backups.Backups) -> Iterable[Metric]:
    yield _gauge("backup_count", "Good backups in the folder.", known.count)
    if known.last_good is not None:
        age = max(0.0, clock.now().timestamp() - known.last_good)
        yield _gauge(
            "backup_timestamp_seconds", "When the last good backup was made.", known.last_good
        )
        yield _gauge("backup_age_seconds", "Seconds since the last good backup.", age)
    if known.last_offsite is not None:
        yield _gauge(
            "backup_offsite_timestamp_seconds", "When what was last copied elsewhere was made.",
            known.last_offsite,
        )  # fmt: skip


def _gauge(name: str, told: str, value: float) -> Metric:
    return GaugeMetricFamily(f"{_PLACE}_{name}", told, value=value)
