"""What an export is: its names, its version, and what its README says."""

from datetime import datetime

from app.rules.language import _

FORMAT, VERSION = "commit-life", 1
README_FILE, JSON_FILE = "README.txt", "commit-life.json"


def file_name(now: datetime) -> str:
    """Return how the export of an instant is called."""
    return f"{FORMAT}-{now:%Y-%m-%d}.zip"


def readme(now: datetime) -> str:
    """Return what stands in the README of an export of the instant `now`."""
    lines = (
        _("Everything that you had in Commit Life on %(day)s, in open formats.")
        % {"day": f"{now:%Y-%m-%d}"},
        "",
        _("commit-life.json: all of it. Commit Life reads it again, and so can other programs."),
        _("What its parts mean is said by docs/formats/commit-life-1.schema.json in its sources."),
        _("habits.csv: your habits, with how often each comes round."),
        _("days.csv: a line for each habit and day: kept or not, amount, note, rest."),
        _("ledger.csv: every XP that was earned or taken back."),
        "",
        _("The tables are UTF-8, with commas. Times are in UTC; a day is the day that you had."),
        _("A text that a spreadsheet would take for a formula has an apostrophe before it."),
    )
    return "\n".join(lines) + "\n"
