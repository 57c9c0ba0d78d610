"""How many requests one web worker has in hand, and what those past that number are told.

A queue that grows helps nobody: all in it wait longer and are served no faster. So a worker takes a
bounded number, keeps their latency, and answers the others at once with 503 and ``Retry-After``. A
request counts from when it is there whole, so that a slow client holds nobody's place.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from carnet.fhir.http import Response
from carnet.fhir.negotiate import FHIR_JSON
from carnet.formats.fhir.operation_outcome import of_error
from carnet.logs import new_reference
from carnet.record.errors import CarnetError

_PATIENCE = 0.1  # s
_CALM = 0.1  # s
_WINDOW = 0.05  # s; after each, the places are set anew
_LEAST = 4  # places, where the share is no less
_FALL = 0.6  # of the places stay, in one window at least
_RISE = 8  # windows from no place to all
_SPREAD = 3  # Retry-After goes round 1 to 3 s, so that those turned away do not return together


class Overloaded(CarnetError):
    """``overloaded``: no place. A class of its own, since it is answered apart."""

    def __init__(self) -> None:
        super().__init__("overloaded")


class Admission:
    """The requests that one worker has in hand: at most ``most``, and for long only ``share``.

    A burst passes. Where ``share`` is passed again and again for longer than ``_PATIENCE`` it is no
    burst: until that has ended for ``_CALM``, no more than ``share`` are taken. Turning away costs
    too, of the same processor: the more are turned away, the fewer places there are, so that every
    answer stays quick, those of the accepted among them.
    """

    def __init__(
        self, most: int, share: int | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most = most
        self._share = most if share is None else share
        self._places = float(self._share)
        self._clock = clock
        self._since = self._last = -_CALM  # when the share was passed: first and last
        self._window = 0.0  # when it began
        self._taken = self._turned = 0  # in it
        self.in_hand = 0

    def enter(self, *, waived: bool = False) -> None:
        """Count one more. Raises ``overloaded``; ``waived``: in any case."""
        if self._places < self._share:
            self._judge(self._clock())
        if self.in_hand >= self._places and not waived and not self._is_burst():
            self._turned += 1
            raise Overloaded
        self._taken += 1
        self.in_hand += 1

    def leave(self) -> None:
        """Count one less."""
        self.in_hand -= 1

    def _is_burst(self) -> bool:
        now = self._clock()
        if now - self._last >= _CALM:
            self._since = now
        self._last = now
        if now - self._since < _PATIENCE:
            return self.in_hand < self._most
        self._judge(now)
        return False

    def _judge(self, now: float) -> None:
        """At the end of a window: fewer places where many were turned away, more where none was."""
        passed = (now - self._window) // _WINDOW
        if passed < 1:
            return
        if passed == 1 and self._turned:
            part = self._taken / (self._taken + self._turned)
            fewer = max(part * self._share, _FALL * self._places, _LEAST)
            self._places = min(self._places, fewer)
        else:
            self._places = min(self._share, self._places + passed * self._share / _RISE)
        self._window, self._taken, self._turned = now, 0, 0


class Turn:
    """One request's place: taken once at most, given back at its end."""

    __slots__ = ("_admission", "_taken")

    def __init__(self, admission: Admission) -> None:
        self._admission = admission
        self._taken = False

    def begin(self, *, waived: bool = False) -> None:
        """Take the place. Raises ``overloaded``; ``waived`` for who has sent much already."""
        if not self._taken:
            self._admission.enter(waived=waived)
            self._taken = True

    def end(self) -> None:
        """Give it back."""
        if self._taken:
            self._admission.leave()
            self._taken = False


class TurnedAway:
    """The answers to those who are turned away: cheap, since there may be thousands a second.

    All of one second share their OperationOutcome; its ``reference`` finds one line of the log.
    """

    def __init__(self) -> None:
        self.reference = ""
        self._until = 0.0
        self._body = b""
        self._count = 0

    def count(self) -> int:
        """Count one more. Where a second begins: how many since the last that began; else 0."""
        self._count += 1
        now = time.monotonic()
        if now < self._until:
            return 0
        self._until = now + 1
        self.reference = new_reference()
        self._body = of_error(Overloaded(), self.reference)
        counted, self._count = self._count, 0
        return counted

    def answer(self) -> Response:
        """The answer to the one counted last."""
        retry = ("retry-after", str(1 + self._count % _SPREAD))
        return Response(503, [("content-type", FHIR_JSON), retry], self._body)
