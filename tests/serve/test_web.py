"""What a web worker makes ready before it listens."""

from __future__ import annotations

import subprocess
import sys

import pytest

SCRIPT = """
import resource
from carnet.serve.web import connections
resource.setrlimit(resource.RLIMIT_NOFILE, ({soft}, {hard}))
print(connections({wanted}), resource.getrlimit(resource.RLIMIT_NOFILE)[0])
"""


@pytest.mark.parametrize(
    ("soft", "hard", "wanted", "told"),
    [
        (512, 4096, 1000, (1000, 1256)),  # raised as far as is needed
        (512, 1024, 8192, (768, 1024)),  # as far as the system lets it
        (4096, 4096, 100, (100, 4096)),  # and not lowered
    ],
)
def test_a_worker_holds_the_connections_it_is_told_as_far_as_files_can_be_opened(
    soft: int, hard: int, wanted: int, told: tuple[int, int]
) -> None:
    script = SCRIPT.format(soft=soft, hard=hard, wanted=wanted)
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    assert tuple(int(word) for word in done.stdout.split()) == told
