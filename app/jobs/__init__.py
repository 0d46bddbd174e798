"""What happens without a request: the jobs of the worker. One more is a module and a line here."""

from collections.abc import Sequence

from flask import Flask

from app.infra.worker import Job
from app.jobs import mail


def of(app: Flask) -> Sequence[Job]:
    """Return all jobs, on the settings of the app."""
    delivery = mail.Delivery(app)
    return (
        Job("mail", 1, delivery.run),
        Job("count mail", 15, delivery.count),
        Job("sweep mail", 600, delivery.sweep),
    )
