"""A server that stands still as on a hung machine: it is there, and says nothing."""

from collections.abc import Iterator
from contextlib import contextmanager

import psutil


@contextmanager
def standing_still(number: int) -> Iterator[None]:
    """The process of this number, and all that it started, stand still inside the block."""
    first = psutil.Process(number)
    processes = [first, *first.children(recursive=True)]
    try:
        for process in processes:
            process.suspend()
        yield
    finally:
        for process in processes:
            process.resume()
