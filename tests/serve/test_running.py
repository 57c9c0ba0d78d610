"""What every child does: it obeys signals, and its faults are lines of the log."""

from __future__ import annotations

import io
import json
import signal
import subprocess
import sys

import pytest

from carnet.logs import Log
from carnet.record.errors import CarnetError
from carnet.serve.running import faults_logged

_PROGRAM = """
import sys, time
from carnet.serve.running import on_signal
ended = []
on_signal(lambda: ended.append(1), within={within})
print("ready", flush=True)
while not ended or {stalls}:
    time.sleep(0.01)
print("ended", flush=True)
"""


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("stalls", [False, True])
def test_a_child_ends_in_order_or_in_time(sign: signal.Signals, *, stalls: bool) -> None:
    program = _PROGRAM.format(within=0.2 if stalls else 60, stalls=stalls)
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        child.send_signal(sign)
        said = child.stdout.read()
        status = child.wait(30)
    assert (said, status) == ((b"", -signal.SIGALRM) if stalls else (b"ended\n", 0))


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (CarnetError("key-file-bad", path="/a"), {"code": "key-file-bad"}),
        (ValueError("Martin-Durand"), {"where": "ValueError"}),
    ],
)
def test_a_fault_is_a_line_that_says_no_more_than_it_must(
    error: Exception, told: dict[str, str]
) -> None:
    text = io.StringIO()
    with pytest.raises(SystemExit) as ended, faults_logged(Log(text)):
        raise error
    assert ended.value.code == 1
    (line,) = [json.loads(one) for one in text.getvalue().splitlines()]
    assert line["event"] == "child-failed"
    for name, value in told.items():
        assert line[name] == value or line[name][0] == value
    assert "Martin" not in text.getvalue()
