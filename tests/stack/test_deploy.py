"""A new version comes into service under load, and one that is not ready does not."""

from tests.stack.engine import Stack, log
from tests.stack.visitor import Crowd, lost

# A database without which no version becomes ready.
UNREACHABLE = "postgresql://commit_life@nowhere.invalid/commit_life"


def test_a_roll_under_load_fails_no_request_and_loses_nothing(stack: Stack):
    old = stack.ids("app")
    # A reload of nginx ends idle connections. Over HTTP/2 a browser is told so before; over
    # HTTP/1.1, which these visitors speak, it would have to ask again.
    with Crowd(stack, 8, keeps=False) as crowd:
        crowd.gets_on()
        said = stack.run("deploy/roll", "--no-build")
        crowd.gets_on(200)
    log.info("%s", crowd.tally)
    assert "The new version serves." in said
    assert set(crowd.tally.statuses) == {200}, crowd.tally.statuses
    assert not lost(stack, crowd.tally.acknowledged)
    assert "agree" in stack.verify()
    new = stack.ids("app")
    assert len(new) == len(old)
    assert not set(new) & set(old)
    stack.healthy("backup")


def test_a_version_that_never_becomes_ready_leaves_the_old_one_serving(stack: Stack):
    old = stack.ids("app")
    with Crowd(stack, 4, keeps=False) as crowd:
        code, said = stack.attempt("deploy/roll", "--no-build", DATABASE_URL=UNREACHABLE)
        crowd.gets_on()
    log.info("%s", crowd.tally)
    assert code == 1
    assert "The new version is not ready after 90 s" in said
    assert set(crowd.tally.statuses) == {200}, crowd.tally.statuses
    assert stack.ids("app") == old
    assert not lost(stack, crowd.tally.acknowledged)
