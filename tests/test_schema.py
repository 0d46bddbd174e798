"""The schema: the migrations make what the models say, and every key carries its owner.

The rules of a database distributed by user (Citus) are held for every table, also for new ones.
"""

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    inspect,
)
from sqlalchemy import text as sql

from app.config import ROOT
from app.infra.db import Base, orm
from app.infra.local_postgres import cluster
from app.models import OUTBOXES, REFERENCE_TABLES
from tests import world as make
from tests.conftest import MakeApp, MakeDatabase

# What the worker finds, whoever it belongs to: each machine has such an index of its own users.
FOR_ALL_USERS = {"ix_subscriptions_due_at", "ix_webhook_deliveries_due_at"}

TABLES = list(Base.metadata.sorted_tables)
DISTRIBUTED = [table for table in TABLES if table.name not in (*REFERENCE_TABLES, *OUTBOXES)]
OWNED = [table for table in DISTRIBUTED if table.name != "users"]
# An account as revision 0001 held it.
EARLIER = (
    "INSERT INTO users (email, password_hash, timezone, created_at)"
    " VALUES ('ada@example.org', 'x', 'UTC', :now)",
    "INSERT INTO pets (user_id, species, xp, days_kept, is_active, created_at)"
    " SELECT id, 'fox', :xp, :days, true, :now FROM users",
    "INSERT INTO pillars (user_id, name, color, icon, position, xp, created_at)"
    " SELECT id, 'Body', 'clay', 'heart', 1, :xp, :now FROM users",
)
NOW = ("now(", "current_", "clock_timestamp", "localtime")

each_table = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
each_distributed_table = pytest.mark.parametrize("table", DISTRIBUTED, ids=lambda table: table.name)
each_owned_table = pytest.mark.parametrize("table", OWNED, ids=lambda table: table.name)


@pytest.fixture
def database(make_database: MakeDatabase) -> str:
    """The URL of a migrated database that nobody else has."""
    return make_database()


@contextmanager
def connected(make_app: MakeApp, database: str) -> Iterator[None]:
    """The context of an app on `database`, which leaves no connection behind."""
    with make_app(database).app_context():
        yield
        orm.engine.dispose()


def empty() -> None:
    """Take every table out of the database of the app."""
    Base.metadata.drop_all(orm.engine)
    with orm.engine.begin() as connection:
        connection.execute(sql("DROP TABLE IF EXISTS alembic_version"))


def dump(database: str) -> list[str]:
    """The schema of `database` as PostgreSQL itself tells it, without what differs every time."""
    assert cluster.WHEEL is not None
    assert cluster.WHEEL.origin is not None
    program = Path(cluster.WHEEL.origin).parent / "pginstall18" / "bin" / "pg_dump"
    command = [program, "--schema-only", "--exclude-table=alembic_version", database]
    lines = subprocess.run(command, capture_output=True, check=True, text=True).stdout.splitlines()
    return [line for line in lines if not line.startswith((r"\restrict", r"\unrestrict"))]


def owner(table: Table) -> str:
    """The column by which a distributed table is distributed."""
    return "id" if table.name == "users" else "user_id"


def foreign_keys(table: Table) -> list[ForeignKeyConstraint]:
    """The foreign keys of `table`."""
    return [key for key in table.constraints if isinstance(key, ForeignKeyConstraint)]


def unique_columns(table: Table) -> Iterator[list[str]]:
    """The columns of every primary key, unique constraint and unique index of `table`."""
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint | PrimaryKeyConstraint):
            yield constraint.columns.keys()
    for index in table.indexes:
        if index.unique:
            yield [column.name for column in index.columns]


def test_the_schema_goes_up_from_nothing_down_and_up_again(make_app, database):
    migrated = dump(database)
    with connected(make_app, database):
        empty()
        upgrade()
        assert dump(database) == migrated
        downgrade(revision="base")
        assert inspect(orm.engine).get_table_names() == ["alembic_version"]
        upgrade()
    assert dump(database) == migrated


def test_the_migrations_make_exactly_what_the_models_say(make_app, database):
    migrated = dump(database)
    with connected(make_app, database):
        empty()
        Base.metadata.create_all(orm.engine)
    assert dump(database) == migrated
    assert len([line for line in migrated if line.startswith("CREATE TABLE")]) == len(TABLES)


def test_a_second_upgrade_changes_nothing(make_app, database):
    migrated = dump(database)
    with connected(make_app, database):
        upgrade()
    assert dump(database) == migrated


@pytest.mark.parametrize(
    ("xp", "days", "level", "stage"),
    [
        (0, 0, 1, 0), (19, 1, 1, 0), (49, 0, 1, 0), (50, 0, 2, 1), (49, 2, 1, 1), (499, 9, 4, 1),
        (500, 0, 5, 2), (499, 10, 4, 2), (2249, 39, 9, 2), (2250, 0, 10, 3), (0, 40, 1, 3),
        (9499, 119, 19, 3), (9500, 0, 20, 4), (0, 120, 1, 4),
    ],
)  # fmt: skip
def test_what_was_reached_before_celebrations_were_counted_is_not_celebrated_and_no_more_is(
    make_app, database, xp: int, days: int, level: int, stage: int
):
    values = {"xp": xp, "days": days, "now": "2026-03-10T12:00Z"}
    with connected(make_app, database):
        downgrade(revision="0001")
        with orm.engine.begin() as connection:
            for statement in EARLIER:
                connection.execute(sql(statement), values)
        upgrade()
        with orm.engine.connect() as connection:
            pets = connection.execute(sql("SELECT best_level, best_stage FROM pets")).all()
            pillars = connection.execute(sql("SELECT best_level FROM pillars")).all()
    assert pets == [(level, stage)]
    assert pillars == [(level,)]


def test_names_are_cut_where_the_schema_goes_back_and_kept_where_it_goes_on(make_app, database):
    name, read = "\N{FOX FACE}" * 800, sql("SELECT char_length(name) FROM users")
    lengths = []
    with connected(make_app, database):
        make.user()
        with orm.engine.begin() as connection:
            connection.execute(sql("UPDATE users SET name = :name"), {"name": name})
        for change in (upgrade, lambda: downgrade(revision="0005"), upgrade):
            change()
            with orm.engine.connect() as connection:
                lengths.append(connection.scalar(read))
    assert lengths == [800, 80, 80]


@each_owned_table
def test_the_owner_comes_first_in_the_primary_key(table: Table):
    first, *others = table.primary_key.columns.keys()
    assert first == "user_id"
    assert others


@each_owned_table
def test_every_foreign_key_carries_the_owner_to_the_owner(table: Table):
    keys = foreign_keys(table)
    # A wrong password and a link to sign up are for an address that nobody has; what was done
    # outlives its account.
    is_loose = table.name in {"sign_in_failures", "links", "audit", "departures"}
    assert keys or is_loose, "nothing ties the rows to their user"
    for key in keys:
        target = f"{key.referred_table.name}.{owner(key.referred_table)}"
        assert (key.column_keys[0], key.elements[0].target_fullname) == ("user_id", target)
        assert key.ondelete == "CASCADE"


@each_distributed_table
def test_nothing_is_unique_across_users(table: Table):
    for columns in unique_columns(table):
        assert columns[0] == owner(table)


@each_distributed_table
def test_users_can_be_distributed_with_all_that_is_theirs(table: Table):
    assert isinstance(table.columns[owner(table)].type, BigInteger), "equal types lie together"
    for key in foreign_keys(table):
        if key.referred_table.name not in REFERENCE_TABLES:
            here = key.column_keys.index(owner(table))
            there = [element.column.name for element in key.elements].index(
                owner(key.referred_table)
            )
            assert here == there


def test_the_guide_distributes_every_table_after_those_that_it_refers_to():
    guide = (ROOT / "docs" / "operations" / "scaling.md").read_text(encoding="utf-8")
    steps = re.findall(r"SELECT create_(\w+)_table\('(\w+)'(?:, '(\w+)')?", guide)
    names = [name for _, name, _ in steps]
    assert sorted(names) == sorted(table.name for table in TABLES if table.name not in OUTBOXES)
    for kind, name, column in steps:
        table = Base.metadata.tables[name]
        assert kind == ("reference" if name in REFERENCE_TABLES else "distributed")
        assert kind == "reference" or column == owner(table)
        for key in foreign_keys(table):
            assert names.index(key.referred_table.name) < names.index(name)


@pytest.mark.parametrize("name", REFERENCE_TABLES)
def test_a_reference_table_refers_to_no_distributed_one(name: str):
    for key in foreign_keys(Base.metadata.tables[name]):
        assert key.referred_table.name in REFERENCE_TABLES


def test_the_database_has_no_triggers_or_rules_and_no_sequence_but_that_of_an_identity(
    make_app, database
):
    query = sql("""
        SELECT 'trigger ' || tgname FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL SELECT 'rule ' || rulename FROM pg_rules WHERE schemaname = 'public'
        UNION ALL SELECT 'sequence ' || c.relname FROM pg_class c WHERE c.relkind = 'S'
            AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'i')
    """)
    with connected(make_app, database), orm.engine.connect() as connection:
        assert connection.scalars(query).all() == []


@each_owned_table
def test_every_index_leads_with_the_owner(table: Table):
    for index in table.indexes:
        if index.name in FOR_ALL_USERS:
            continue
        assert next(iter(index.columns)).name == "user_id"


@each_table
def test_ids_are_big_and_made_by_the_database_alone(table: Table):
    ids = [column for column in table.columns if column.name.split("_")[-1] == "id"]
    assert all(isinstance(column.type, BigInteger) for column in ids)
    if "id" in table.columns:
        assert table.columns["id"].identity is not None
        assert table.columns["id"].identity.always


def test_the_database_has_big_ids_too(make_app, database):
    query = sql("""
        SELECT table_name || '.' || column_name FROM information_schema.columns
        WHERE table_schema = 'public' AND column_name ~ '(^|_)id$' AND data_type <> 'bigint'
    """)
    with connected(make_app, database), orm.engine.connect() as connection:
        assert connection.scalars(query).all() == []


@each_table
def test_times_come_from_the_apps_clock_and_not_from_a_default(table: Table):
    for column in table.columns:
        assert not any(word in default(column) for word in NOW), column


@each_table
def test_moments_know_their_zone(table: Table):
    moments = [column for column in table.columns if column.name.endswith("_at")]
    assert all(column.type.timezone for column in moments)


@each_table
def test_names_follow_the_convention(table: Table):
    for part in chain(table.constraints, table.indexes):
        kind, rest = str(part.name).split("_", 1)
        assert kind in {"pk", "fk", "uq", "ix", "ck"}
        assert rest == table.name or rest.startswith(f"{table.name}_"), part.name
        assert len(str(part.name)) <= 63, "PostgreSQL would cut it"


def default(column: Column) -> str:
    """What the database fills the column with, as text; empty for nothing."""
    return str(getattr(column.server_default, "arg", "")).lower()
