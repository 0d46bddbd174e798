"""The files in which processes count together, and all that is asked of the library's insides.

What `prometheus_client` promises is files named by process number. Files named by slots, which a
successor goes on with, take private parts of it: they stand here and nowhere else, and
tests/test_counted_files.py names each of them.
"""

import json
import struct
from collections.abc import Callable, Iterable
from pathlib import Path

from prometheus_client import values
from prometheus_client.metrics_core import Metric
from prometheus_client.mmap_dict import MmapedDict
from prometheus_client.multiprocess import MultiProcessCollector


def name_by(slot: Callable[[], str]) -> None:
    """Let every metric made from now on count in a file named by `slot`, asked at every count.

    Where the process is the only one, which PROMETHEUS_MULTIPROC_DIR says, there are no files.
    """
    if values.ValueClass._multiprocess:
        values.ValueClass = values.MultiProcessValue(slot)


def is_whole(file: Path) -> bool:
    """Tell whether `file` can be read to its end.

    A kill in the middle of a write leaves a file that can. A full disk might not.
    """
    try:
        for key, *_value in MmapedDict.read_all_values_from_file(file):
            json.loads(key)
    except (ValueError, RuntimeError, struct.error):
        return False
    return True


def summed(folder: Path) -> Iterable[Metric]:
    """Return the metrics of all files in `folder` together."""
    # A file is empty for the instant in which it is made.
    files = [str(file) for file in sorted(folder.glob("*.db")) if file.stat().st_size]
    metrics: Iterable[Metric] = MultiProcessCollector.merge(files)
    return metrics
