"""The headless commands: ``mdn fit``, ``sweep``, ``params``, ``predict``, ``score`` ... without a window."""

import io
import sys
from collections.abc import Sequence

from mdn_gui.cli.exits import INTERRUPTED, USAGE_OR_DATA, OutputError
from mdn_gui.cli.output import say
from mdn_gui.cli.parser import make_parser, with_joined_values
from mdn_gui.errors import UserError


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    argv : sequence of str, optional
        Arguments after the program's name; those of the process when left out.

    Returns
    -------
    int
        Exit code: 0 done, 1 the output cannot be written, 2 usage or data, 130 interrupted, 141 the reader of the
        output has gone.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):  # the help holds "≤", which not every terminal has
        sys.stdout.reconfigure(errors="replace")
    try:
        options = make_parser().parse_args(with_joined_values(sys.argv[1:] if argv is None else argv))
        options.command(options)
    except SystemExit as leaving:  # argparse has said what there is to say
        return int(leaving.code or 0)
    except UserError as error:
        say(f"mdn: {error}")
        return USAGE_OR_DATA
    except KeyboardInterrupt:
        say("mdn: interrupted.")
        return INTERRUPTED
    except OutputError as failure:
        return failure.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
