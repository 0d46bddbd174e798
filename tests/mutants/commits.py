"""Faults in what a commit stands on: facts, the board, the fold, and the commit's own writes."""

MUTANTS = ()
