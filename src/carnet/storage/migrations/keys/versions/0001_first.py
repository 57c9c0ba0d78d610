"""The first tables of the history ``keys``."""

from carnet.storage.migrations.first import create_keys as upgrade

revision = "keys_0001"
down_revision = None

__all__ = ["upgrade"]
