"""Runs the migrations of the history ``traces``."""

from carnet.storage.migrations.run import run

run("traces")
