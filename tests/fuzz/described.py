"""schemathesis over the FHIR face, by its OpenAPI description.

``python -m tests.fuzz.described INPUTS RESULT [SEED]``: for each operation as many requests as its
share, half of them as the description allows and half as it forbids. Every answer must be one that
the description names, and hold to what ``answers`` asks of all.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import hypothesis
import msgspec
import requests
import schemathesis
from hypothesis import HealthCheck, Phase
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.fuzz.answers import Answers
from tests.fuzz.over_http import Counted, together
from tests.fuzz.world import World, world

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
_PROCESSES = 2
_TIMEOUT = 20.0


class Part:
    """The share of one process: every ``_PROCESSES``-th operation."""

    def __init__(self, place: World, inputs: int, seed: int, number: int) -> None:
        schema = schemathesis.openapi.from_dict(place.api)
        operations = [found.ok() for found in schema.get_all_operations()]
        self._operations = operations[number::_PROCESSES]
        self._each = max(2, inputs // (2 * len(operations)))
        self._place = place
        self._seed = seed
        self._chance = random.Random(seed)
        self._session = requests.Session()
        self._answers = Answers()
        self.counted = Counted()

    def run(self) -> Counted:
        """Ask every operation of the share."""
        begin = time.monotonic()
        for operation in self._operations:
            for mode in GenerationMode:
                self._ask(operation, mode)
        counted, answers = self.counted, self._answers
        counted.seconds = time.monotonic() - begin
        counted.statuses, counted.operations = dict(answers.statuses), dict(answers.operations)
        counted.codes = len([code for code in answers.codes if " " not in code])
        return counted

    def _ask(self, operation: Any, mode: GenerationMode) -> None:
        try:
            strategy = operation.as_strategy(generation_mode=mode)
            decorate: Callable[..., Any] = hypothesis.given(case=strategy)
            test = hypothesis.seed(self._seed)(_settings(self._each)(decorate(self._one)))
            test()
        except hypothesis.errors.Unsatisfiable:
            pass  # nothing that this operation forbids can be made
        except (Failure, FailureGroup, AssertionError, requests.RequestException) as fault:
            parts = fault.exceptions if isinstance(fault, FailureGroup) else [fault]
            self.counted.findings += [
                f"{operation.label} {mode.value} {type(part).__name__}: {part!s:.1500}"
                for part in parts
            ]

    def _one(self, case: Any) -> None:
        token = self._chance.choice(self._place.tokens)
        begin = time.monotonic()
        response = case.call(
            base_url=self._place.base,
            session=self._session,
            headers={"authorization": f"Bearer {token}"},
            timeout=_TIMEOUT,
        )
        counted = self.counted
        counted.inputs += 1
        counted.slowest_ms = max(counted.slowest_ms, (time.monotonic() - begin) * 1000)
        if response.status_code in (400, 414, 431) and not response.content:
            counted.refused_by_the_server += 1  # not HTTP: it never reached the application
            return
        self._answers.check(
            response.status_code,
            {name.lower(): value[0] for name, value in response.headers.items()},
            response.content,
            operation=case.operation.label,
            is_head=False,
        )
        case.validate_response(response, checks=CHECKS)


def _settings(examples: int) -> hypothesis.settings:
    return hypothesis.settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )


def _part(place: World, inputs: int, seed: int, number: int) -> Counted:
    return Part(place, inputs, seed, number).run()


def fuzz(place: World, inputs: int, seed: int) -> Counted:
    """Both shares at once; what they saw."""
    with get_context("fork").Pool(_PROCESSES) as pool:
        jobs = [
            pool.apply_async(_part, (place, inputs, seed, number)) for number in range(_PROCESSES)
        ]
        return together([job.get() for job in jobs])


def main() -> int:
    """Fuzz a new world; 1 where something was found."""
    inputs, result = int(sys.argv[1]), Path(sys.argv[2])
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else int.from_bytes(os.urandom(4))
    with world() as place:
        counted = fuzz(place, inputs, seed)
        result.write_bytes(msgspec.json.encode(counted))
        for finding in counted.findings:
            print(finding, file=sys.stderr)
    return 1 if counted.findings else 0


if __name__ == "__main__":
    sys.exit(main())
