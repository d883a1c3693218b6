"""The ``harvester`` command.

Exit codes: 0 done, 2 something the person can mend (wrong option, unreadable file, no harvest
yet), 1 or 3 a fault of ours, 130 stopped with Ctrl-C.
"""

from __future__ import annotations

import sys

import typer

from harvester.cli.commands import app
from harvester.cli.console import err, keep_fault, plain
from harvester.domain.errors import HarvesterError

__all__ = ["app", "main"]


def main() -> None:
    """Run the command; a person never sees a traceback for something they can mend."""
    try:
        # Outside stand-alone mode Typer gives back the code of an Exit instead of ending.
        code = app(standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except typer.Abort:
        sys.exit(130)
    except KeyboardInterrupt:
        err.print("Stopped.")
        sys.exit(130)
    except BrokenPipeError:
        # The reader of our output (head, less) has gone; nobody is left to tell.
        sys.stderr.close()
        sys.exit(0)
    except HarvesterError as error:
        err.print(f"[bold red]harvester:[/] {plain(str(error))}", highlight=False)
        sys.exit(error.exit_code)
    except Exception as error:  # noqa: BLE001 - the last door: nobody sees a traceback
        if hasattr(error, "show"):  # what Typer raises for words it does not know
            error.show()
            sys.exit(getattr(error, "exit_code", 2))
        err.print(f"[bold red]A fault of ours:[/] {plain(str(error))}", highlight=False)
        err.print(f"Nothing is lost. Cause kept in {keep_fault(error)}", highlight=False)
        sys.exit(1)
