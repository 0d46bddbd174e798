"""The patterns of docs/operations/migrations.md, run as they stand there by the real env.py."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import text as sql

from app.config import ROOT
from app.infra.db import orm
from tests import world as make
from tests.conftest import MakeApp

HEADER = """
import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{before}"
"""
# What the migration after the patterns sees.
AFTER = """
def upgrade() -> None:
    op.execute("CREATE TABLE seen AS SELECT current_setting('lock_timeout') AS lock_timeout")


def downgrade() -> None:
    op.execute("DROP TABLE seen")
"""
LEFT_OVER = (
    "CREATE INDEX ix_habits_user_id_note ON habits (note)",
    "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_habits_user_id_note'::regclass",
)
INDEX = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix_habits_user_id_note'::regclass"


def patterns() -> list[str]:
    """The migrations of the guide, in its order."""
    guide = (ROOT / "docs" / "operations" / "migrations.md").read_text(encoding="utf-8")
    return re.findall(r"^```python\n(.*?)^```", guide, re.DOTALL | re.MULTILINE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The project's migrations, then those of the guide, then one that looks around."""
    copy = Path(shutil.copytree(ROOT / "migrations", tmp_path / "migrations"))
    before = max(path.name[:4] for path in (copy / "versions").glob("0*.py"))
    for number, body in enumerate([*patterns(), AFTER], start=9001):
        header = HEADER.format(revision=number, before=before)
        (copy / "versions" / f"{number}.py").write_text(header + body, encoding="utf-8")
        before = str(number)
    return copy


@contextmanager
def inside(make_app: MakeApp) -> Iterator[None]:
    """The context of an app on a database of its own, in which Ada has two habits."""
    with make_app().app_context():
        ada = make.user()
        pillar = make.pillar(ada)
        make.habit(ada, pillar), make.habit(ada, pillar)
        yield
        orm.engine.dispose()


def values(query: str) -> list[object]:
    with orm.engine.begin() as connection:
        return list(connection.scalars(sql(query)))


def test_the_patterns_of_the_guide_go_up_and_down(make_app: MakeApp, folder: Path):
    with inside(make_app):
        upgrade(directory=str(folder))
        assert values("SELECT note FROM habits") == ["", ""]
        assert values(INDEX) == [True]
        downgrade(directory=str(folder), revision="9002")
        assert values("SELECT to_regclass('ix_habits_user_id_note')") == [None]


def test_a_migration_after_a_patient_one_is_polite_again(make_app: MakeApp, folder: Path):
    with inside(make_app):
        upgrade(directory=str(folder))
        assert values("SELECT lock_timeout FROM seen") == ["1s"]


def test_what_an_interrupted_index_has_left_is_replaced(make_app: MakeApp, folder: Path):
    with inside(make_app):
        upgrade(directory=str(folder), revision="9002")
        with orm.engine.begin() as connection:
            for statement in LEFT_OVER:
                connection.execute(sql(statement))
        assert values(INDEX) == [False]
        upgrade(directory=str(folder))
        assert values(INDEX) == [True]
