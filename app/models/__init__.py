"""Tables, constraints and indexes: the only door to the models.

Every table of a user's things has `user_id` first in its primary key, and foreign keys carry it:
a row of somebody else can be neither loaded by mistake nor referenced by a buggy statement.
"""

from app.models.accounts import Address, SignInFailure, User, UserSession
from app.models.amounts import Amount
from app.models.audit import AuditLine
from app.models.commits import Commit
from app.models.departures import Departure
from app.models.factors import CodeApp, Passkey, RecoveryCode
from app.models.feeds import Feed
from app.models.finds import Find
from app.models.habits import Habit, Home, Schedule
from app.models.invitations import Invitation
from app.models.ledger import LedgerEntry
from app.models.links import LinkRow
from app.models.moments import MomentRow
from app.models.notes import Note
from app.models.outbox import OutboxRow
from app.models.pets import Pet
from app.models.pillars import Pillar
from app.models.presses import PressRow
from app.models.rests import RestRow
from app.models.subscriptions import SubscriptionRow
from app.models.tokens import ApiToken
from app.models.webhooks import Webhook, WebhookDelivery

# Where users are distributed over machines, each machine has a whole copy of these tables; all
# others lie with their user: `users` by `id`, the rest by `user_id`.
REFERENCE_TABLES = ("addresses", "invitations")
# What one worker empties for all users lies on one machine alone, and is no user's own.
OUTBOXES = ("outbox",)

__all__ = [
    "OUTBOXES",
    "REFERENCE_TABLES",
    "Address",
    "Amount",
    "ApiToken",
    "AuditLine",
    "CodeApp",
    "Commit",
    "Departure",
    "Feed",
    "Find",
    "Habit",
    "Home",
    "Invitation",
    "LedgerEntry",
    "LinkRow",
    "MomentRow",
    "Note",
    "OutboxRow",
    "Passkey",
    "Pet",
    "Pillar",
    "PressRow",
    "RecoveryCode",
    "RestRow",
    "Schedule",
    "SignInFailure",
    "SubscriptionRow",
    "User",
    "UserSession",
    "Webhook",
    "WebhookDelivery",
]
