"""The exit codes of the commands."""

OUTPUT_FAILED = 1
USAGE_OR_DATA = 2
INTERRUPTED = 130
OUTPUT_CLOSED = 141

IN_WORDS = """exit codes:
  0    done, also where Ctrl+C ended a run early
  1    the output cannot be written
  2    the command, its data or its files do not allow it
  130  interrupted
  141  the reader of the output has gone"""


class OutputError(Exception):
    """What was to be written is not; the person has been told.

    Parameters
    ----------
    exit_code : int
        With which the program ends.
    """

    def __init__(self, exit_code: int) -> None:
        super().__init__(exit_code)
        self.exit_code = exit_code
