"""The first tables of the history ``traces``."""

from carnet.storage.migrations.first import create_traces as upgrade

revision = "traces_0001"
down_revision = None

__all__ = ["upgrade"]
