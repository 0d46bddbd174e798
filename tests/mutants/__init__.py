"""Would the tests notice? Small faults, one at a time, each of which must make a test fail.

`make mutants` puts every fault of the lists into a copy of the project and runs the tests that
should notice it. A list a floor; `tests/test_mutants.py` holds that none is stale.
"""
