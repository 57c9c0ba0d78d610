"""What follows a change, done by the machine through the gate: one trace a document and derivation.

``following`` takes an event of the outbox and finishes it in the same batch as its work, so that
doing it twice does nothing twice. ``sweeping`` walks all records when a reader of documents has
become better, and derives anew what an older one made.
"""

from __future__ import annotations

from carnet.usecases.deriving.decoding import READERS, Decoder
from carnet.usecases.deriving.event import MACHINE, DueEvent
from carnet.usecases.deriving.following import follow
from carnet.usecases.deriving.reading import text_of
from carnet.usecases.deriving.sweeping import sweep

__all__ = ["MACHINE", "READERS", "Decoder", "DueEvent", "follow", "sweep", "text_of"]
