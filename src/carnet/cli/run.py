"""Runs one command and turns whatever goes wrong into a sentence and an exit status."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from cyclopts import App, CycloptsError

from carnet import __version__
from carnet.cli import COMMANDS, USAGE
from carnet.cli.output import language, show_error
from carnet.logs import Log, new_reference, places
from carnet.record.errors import CarnetError, ErrorKind
from carnet.record.events import Event

REFUSED = 1  # exit status of a refusal, and of damage found
DEFECT = 70  # of a fault of Carnet itself, or of what it stands on (sysexits.h EX_SOFTWARE)
SETTINGS = 78  # of settings that hold faults (EX_CONFIG)
INTERRUPTED = 130

HELP = """
Carnet, a shared health record: FHIR R4 server, sealed store, every access traced.

Start with `carnet demo`. Every command takes `--help`; those that report take `--json`, one JSON
object a line. Settings: docs/settings.md.
"""


def build_app(asked: str | None = None) -> App:
    """The command line with all its commands, each loaded when it is ``asked`` for.

    The others show their summary from ``COMMANDS``, so that the list loads none of them.
    """
    app = App(
        name="carnet",
        help=HELP,
        version=__version__,
        help_format="markdown",
        suppress_keyboard_interrupt=False,
        result_action="return_value",
        exit_on_error=False,
        print_error=False,
    )
    for number, (name, (place, summary)) in enumerate(COMMANDS.items()):
        if name == asked:  # its own docstring is its help
            app.command(place, name=name, sort_key=number)
        else:
            app.command(place, name=name, help=summary, sort_key=number)
    return app


def run(arguments: Sequence[str]) -> int:
    """Do what the arguments say; the exit status."""
    as_json = "--json" in arguments
    asked = next((word for word in arguments if word in COMMANDS), None)
    try:
        status = build_app(asked)(list(arguments))
        sys.stdout.flush()
    except CycloptsError as error:
        print(f"carnet: {error}".strip(), file=sys.stderr)
        print(f"Try: {' '.join(filter(None, ('carnet', asked, '--help')))}", file=sys.stderr)
        return USAGE
    except CarnetError as error:
        show_error(error, as_json=as_json)
        return _status_of(error)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has gone, as `head` does: nothing more to say, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # noqa: BLE001  the last resort: nobody is shown a traceback
        return _defect(error)
    return status if isinstance(status, int) else 0


def _status_of(error: CarnetError) -> int:
    from carnet.record.catalogue import CATALOGUE

    if error.code == "settings-refused":
        return SETTINGS
    return DEFECT if CATALOGUE[error.code].kind is ErrorKind.DEFECT else REFUSED


def _defect(error: Exception) -> int:
    reference = new_reference()
    Log().write(Event.COMMAND_DEFECT, reference, where=places(error))
    sentence = {
        "fr": f"carnet : défaut de Carnet, référence {reference} ; la ligne de journal ci-dessus "
        "dit où. Merci de la signaler.",
        "en": f"carnet: a fault of Carnet, reference {reference}; the log line above says where. "
        "Please report it.",
    }
    print(sentence[language()], file=sys.stderr)
    return DEFECT
