"""The command of the worker."""

from pathlib import Path

import click
from flask import current_app

from app import jobs
from app.config import HIGHEST_PORT, Settings
from app.infra import metrics, worker


@click.command("work")
@click.option(
    "--sign", type=click.Path(dir_okay=False, path_type=Path),
    help="A file that is touched while the worker is alive.",
)  # fmt: skip
@click.option("--port", type=click.IntRange(1, HIGHEST_PORT), help="Answer to Prometheus here too.")
def work(sign: Path | None, port: int | None) -> None:
    """Send mail, and do what else happens by itself, until a signal."""
    settings: Settings = current_app.extensions["settings"]
    if settings.metrics_dir is not None:
        metrics.take_slot(metrics.WORKER, settings.metrics_dir)
    if port is not None:
        metrics.Report(settings.metrics_dir, None, settings.revision).serve(port)
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    worker.work(jobs.of(app), worker.Shift(sign))
