"""The first tables of the history ``main``."""

from carnet.storage.migrations.first import create_main as upgrade

revision = "main_0001"
down_revision = None

__all__ = ["upgrade"]
