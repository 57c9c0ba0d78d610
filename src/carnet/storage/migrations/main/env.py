"""Runs the migrations of the history ``main``."""

from carnet.storage.migrations.run import run

run("main")
