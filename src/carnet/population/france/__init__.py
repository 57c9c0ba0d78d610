"""The rest of France, from a seed: households, those who treat them, and their years.

Nothing here is kept in memory for everybody: who somebody is follows from the number of their
household, who treats them from the number of their commune (``docs/population.md``).
"""

from __future__ import annotations

from carnet.population.france.france import France

__all__ = ["France"]
