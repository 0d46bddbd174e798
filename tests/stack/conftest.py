"""The stack that most tests share, and stacks of a test's own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.stack.engine import Stack
from tests.stack.visitor import Visitor

MakeStack = Callable[..., Stack]
# For tests that are not about limits: all of a test's visitors come from one address.
WIDE = Path(__file__).parent / "wide.yaml"
# Behind it, all limits of the app itself.
LIMITED = Path(__file__).parent / "limited.yaml"
# With disks of the database and of the backups that can be filled.
CRAMPED = Path(__file__).parent / "cramped.yaml"


@pytest.fixture(scope="session")
def make_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MakeStack]:
    """A function that brings up a stack of its own, with further compose files and profiles."""
    made: list[Stack] = []

    def make(*overrides: Path, profiles: str = "") -> Stack:
        stack = Stack(tmp_path_factory.mktemp("stack"), *overrides, profiles=profiles)
        made.append(stack)
        stack.up()
        return stack

    yield make
    for stack in made:
        stack.down()


@pytest.fixture(scope="session")
def stack(make_stack: MakeStack) -> Stack:
    """The stack as it is for everybody, but for the limits by address."""
    return make_stack(WIDE)


@pytest.fixture(scope="session")
def cramped(make_stack: MakeStack) -> Stack:
    """A stack whose disks are small enough to be filled."""
    return make_stack(WIDE, CRAMPED)


@pytest.fixture
def ada(stack: Stack) -> Visitor:
    """Somebody who has just signed up."""
    visitor = Visitor(stack)
    visitor.sign_up()
    return visitor
