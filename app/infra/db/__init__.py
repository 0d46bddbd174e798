"""PostgreSQL, as the rest of the app knows it: a door to write, a door to read, and a glance.

A session outside a door refuses to work, doors refuse to nest, and a write through `reading()` is
refused by the database itself.
"""

from app.infra import deadline, plans, pool
from app.infra.db import act
from app.infra.db.act import begin_act, may_have_written, written_until
from app.infra.db.connecting import is_away
from app.infra.db.doors import NestedDoor, glance, patient, pressing, reading, snapshot, transaction
from app.infra.db.engines import ENGINE_OPTIONS, POOL_SIZE, Base, config, orm

__all__ = [
    "ENGINE_OPTIONS",
    "POOL_SIZE",
    "Base",
    "NestedDoor",
    "begin_act",
    "config",
    "glance",
    "is_away",
    "may_have_written",
    "orm",
    "patient",
    "pressing",
    "reading",
    "snapshot",
    "transaction",
    "written_until",
]

deadline.install()
pool.install()
plans.install()
act.install()
