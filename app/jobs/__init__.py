"""What happens without a request: the jobs of the worker. One more is a module and a line here."""

from collections.abc import Sequence
from functools import partial

from flask import Flask

from app.infra.worker import Job
from app.jobs import leaving, mail, subscriptions, webhooks


def of(app: Flask) -> Sequence[Job]:
    """Return all jobs, on the settings of the app."""
    delivery, told = mail.Delivery(app), webhooks.Webhooks(app)
    return (
        Job("mail", 1, delivery.run),
        Job("letters that are due", 2, partial(subscriptions.post_due, app)),
        Job("count mail", 15, delivery.count),
        Job("sweep mail", 600, delivery.sweep),
        Job("news for webhooks", 1, told.gather),
        Job("webhooks", 1, told.run, told.end),
        Job("sweep webhooks", 600, told.sweep),
        Job("end accounts", 60, leaving.end),
        Job("end accounts again", 60, leaving.Again(app).run),
    )
