"""The command line. A command is a file of this folder and a line of ``COMMANDS``.

The file ``name.py`` holds a function whose docstring is its help; it imports what it
needs when it runs, so that ``carnet --help`` stays fast. It answers None or an exit status.
"""

from __future__ import annotations

import sys

from carnet import __version__

COMMANDS = {
    "demo": ("carnet.cli.demo:demo", "Make invented people and serve them here."),
    "serve": ("carnet.cli.serve:serve", "Serve a store."),
    "feed": ("carnet.cli.feed:feed", "Import CDA documents as the operator."),
    "verify": ("carnet.cli.verify:verify", "Check every seal, hash, chain and directory line."),
    "backup": ("carnet.cli.backup:backup", "Copy a store, its keys apart, while it is served."),
    "restore": ("carnet.cli.restore:restore", "Make a store anew from a backup."),
    "keys": ("carnet.cli.keys:app", "Rotate the master key."),
    "db": ("carnet.cli.db:app", "Bring databases to this version's schema."),
    "worker": ("carnet.cli.worker:work", "Do what follows changes, without a server."),
    "bench": ("carnet.cli.bench:bench", "Measure speed against floors of the same run."),
    "token": ("carnet.cli.token:token", "Print an access token (demo and test stores)."),
    "settings": ("carnet.cli.settings:show_settings", "Show the settings in force."),
}
"""Every command, in the order of the help: its name, ``module:function``, and what it does."""

USAGE = 2  # exit status of a command line that cannot be understood


def main() -> None:
    """What ``carnet`` runs: do what the command line says and leave with its exit status."""
    arguments = sys.argv[1:]
    if arguments == ["--version"]:  # without loading anything
        print(__version__)
        return
    from carnet.cli.run import run

    sys.exit(run(arguments))
