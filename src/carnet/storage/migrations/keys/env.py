"""Runs the migrations of the history ``keys``."""

from carnet.storage.migrations.run import run

run("keys")
