"""The command line: ``bumpfem run | mesh | shape | materials | fatigue | warm``."""

from __future__ import annotations

import sys

from cyclopts import App

from bumpfem import __version__
from bumpfem.errors import BumpfemError

#: Exit statuses: all well, bad input, interrupted. A command's own status, such as 1 for a study
#: with failed joints, is passed on.
OK, BAD_INPUT, INTERRUPTED = 0, 2, 130

app = App(
    name="bumpfem",
    help="Which solder joint lives longest in thermal cycling, by how much, and why.",
    version=__version__,
    suppress_keyboard_interrupt=False,
)
app.command("bumpfem.cli.run:run")
app.command("bumpfem.cli.mesh:mesh")
app.command("bumpfem.cli.shape:shape")
app.command("bumpfem.cli.materials:materials")
app.command("bumpfem.cli.fatigue:fatigue")
app.command("bumpfem.cli.warm:warm")


def main() -> None:
    """Entry point of ``bumpfem``; errors raised on purpose are shown without a traceback."""
    try:
        status = app(result_action="return_value")
    except BumpfemError as error:
        print(f"bumpfem: {error}", file=sys.stderr)
        sys.exit(BAD_INPUT)
    except KeyboardInterrupt:
        print("bumpfem: interrupted; finished runs are kept, run again to go on", file=sys.stderr)
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(BAD_INPUT)
    sys.exit(status if isinstance(status, int) else OK)
