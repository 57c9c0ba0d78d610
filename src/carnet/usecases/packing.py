"""Traces packed into an outbox event, so that a crash between two databases loses none."""

from __future__ import annotations

from carnet.storage.batch import ENCODER, SealedTrace


def packed_traces(traces: tuple[SealedTrace, ...]) -> bytes:
    """The traces of an act as its event carries them."""
    return ENCODER.encode(traces)
