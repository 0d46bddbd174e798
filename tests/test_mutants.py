"""The lists of `make mutants` are not stale, and the tool tells a noticed fault from others."""

import pytest

from tests.mutants.lists import MUTANTS
from tests.mutants.mutant import of


def test_every_text_to_change_stands_in_its_file_exactly_once():
    assert [str(mutant) for mutant in MUTANTS if mutant.is_stale] == []
    assert [str(mutant) for mutant in MUTANTS if mutant.old == mutant.new] == []


def test_no_mutant_stands_twice_in_the_lists():
    assert len(set(MUTANTS)) == len(MUTANTS) >= 60


@pytest.mark.parametrize(
    ("file", "tests", "old"),
    [
        ("rules/plan.py", "rules/test_rules_plan.py", "no such text"),
        ("rules/plan.py", "rules/test_rules_plan.py", "free_pillars"),
        ("rules/plan.py", "rules/no_such_test.py", "or free_pillars == 0"),
        ("rules/no_such_file.py", "rules/test_rules_plan.py", "or free_pillars == 0"),
    ],
)
def test_a_text_that_is_gone_or_stands_twice_and_a_test_that_is_gone_are_stale(
    file: str, tests: str, old: str
):
    (mutant,) = of(file, tests, (old, ""))
    assert mutant.is_stale
