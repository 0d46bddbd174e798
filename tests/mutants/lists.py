"""All mutants, a list a floor; what a commit stands on has one of its own."""

from tests.mutants import commits, operations, queries, rules, views

MUTANTS = (
    *rules.MUTANTS,
    *operations.MUTANTS,
    *commits.MUTANTS,
    *queries.MUTANTS,
    *views.MUTANTS,
)
