"""Executes a statement by the driver itself, which saves the time that SQLAlchemy takes for it.

All that others rely on stays as it is: listeners of SQLAlchemy hear every statement, errors are
SQLAlchemy's, and a connection that is lost leaves the pool.
"""

from collections.abc import Mapping
from typing import Any

import psycopg2
from psycopg2 import extensions
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from app.infra.plans import Plan, StalePlan

Rows = list[tuple[Any, ...]]


def run(connection: Connection, plan: Plan, values: Mapping[str, Any]) -> tuple[Any, Rows]:
    """Execute `plan` with `values` and return the description of its columns, and all rows.

    Raises DBAPIError as SQLAlchemy does. Raises StalePlan where the schema has changed since the
    statement was planned and something may have been written in the transaction before.
    """
    driver: Any = connection.connection.dbapi_connection
    try:
        with driver.cursor() as cursor:
            for hear in connection.dispatch.before_cursor_execute:
                hear(connection, cursor, plan.plain, values, None, False)
            _execute(driver, cursor, connection.info, plan, values)
            return cursor.description, cursor.fetchall()
    except psycopg2.Error as error:
        raise _told(connection, plan, values, error) from error


def _execute(
    driver: Any, cursor: Any, known: dict[Any, Any], plan: Plan, values: Mapping[str, Any]
) -> None:
    may_have_written = driver.status != extensions.STATUS_READY and not driver.readonly
    try:
        plan.execute(cursor, known, values)
    except StalePlan:
        if may_have_written:
            raise
        # Nothing is lost with the transaction, in which every statement sees the database anew
        # anyway; the driver begins another one by itself.
        driver.rollback()
        plan.execute(cursor, known, values)


def _told(
    connection: Connection, plan: Plan, values: Mapping[str, Any], error: Any
) -> BaseException:
    """Return `error` as SQLAlchemy would raise it, and give a lost connection up."""
    dialect = connection.dialect
    driver: Any = connection.connection.dbapi_connection
    is_lost = dialect.is_disconnect(error, driver, None)
    told: BaseException = DBAPIError.instance(
        plan.plain,
        dict(values),
        error,
        psycopg2.Error,
        hide_parameters=connection.engine.hide_parameters,
        connection_invalidated=is_lost,
        dialect=dialect,
    )
    if is_lost:
        connection.invalidate(error)
    return told
