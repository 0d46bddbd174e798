"""How the place is doing, for Prometheus. The proxy in front keeps it from the world."""

from typing import Any

from flask import Blueprint, current_app

from app.infra import metrics
from app.web.access import public

bp = Blueprint("metrics", __name__)


@bp.get("/metrics")
@public
def show() -> Any:
    """Show every metric; never asks the database."""
    settings = current_app.extensions["settings"]
    report = metrics.Report(settings.metrics_dir, settings.backups_dir, settings.revision)
    return report.text(), {"Content-Type": metrics.MEDIA_TYPE}
