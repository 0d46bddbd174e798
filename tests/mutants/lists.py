"""All mutants, a list a floor; what a day stands on, and the commit, have their own."""

from tests.mutants import (
    commits,
    factors,
    facts,
    infra,
    mail,
    operations,
    queries,
    rests,
    rules,
    security,
    views,
)

MUTANTS = (
    *rules.MUTANTS,
    *operations.MUTANTS,
    *factors.MUTANTS,
    *facts.MUTANTS,
    *infra.MUTANTS,
    *mail.MUTANTS,
    *commits.MUTANTS,
    *queries.MUTANTS,
    *rests.MUTANTS,
    *views.MUTANTS,
    *security.MUTANTS,
)
