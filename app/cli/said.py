"""How a command answers: a sentence for people, or JSON for programs."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import click
from flask import current_app

from app.config import Settings

in_json: Callable[[Any], Any] = click.option(
    "--json", "as_json", is_flag=True, help="Answer in JSON."
)


def answer(as_json: bool, sentence: str, **facts: object) -> None:
    """Print the sentence, or the facts behind it as one line of JSON."""
    click.echo(_dumped(facts) if as_json else sentence)


def listing(as_json: bool, lines: list[tuple[str, dict[str, object]]]) -> None:
    """Print a line for each thing, or the facts of all as one line of JSON."""
    if as_json:
        click.echo(_dumped([facts for _line, facts in lines]))
        return
    for line, _facts in lines:
        click.echo(line)


def link(endpoint: str, **values: object) -> str:
    """Return the whole address of a page."""
    settings: Settings = current_app.extensions["settings"]
    path: str = current_app.url_map.bind("localhost").build(endpoint, values)
    return settings.origin + path


def day(instant: datetime | None) -> str:
    """Return the day of an instant as ISO writes it, "never" for None."""
    return f"{instant:%Y-%m-%d}" if instant else "never"


def _dumped(facts: object) -> str:
    return json.dumps(facts, default=_plain, ensure_ascii=False)


def _plain(value: datetime) -> str:
    return value.isoformat()
