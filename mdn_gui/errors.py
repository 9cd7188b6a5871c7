"""The errors a person is shown, each with its remedy."""


class UserError(Exception):
    """An expected failure, worded for the person who uses the program.

    Parameters
    ----------
    message : str
        What went wrong and where, in one sentence.
    hint : str
        What to do about it, in one sentence; may be empty.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        """Return message and hint as one line."""
        return f"{self.message} {self.hint}".strip()


class DataError(UserError):
    """A table or a data set cannot be used as asked."""


class ConfigError(UserError):
    """A setting is outside its range or contradicts another."""


class TrainingError(UserError):
    """A run could not produce a usable model."""


class ProjectFileError(UserError):
    """A project file cannot be read or written."""


def reason_of(error: BaseException) -> str:
    """Return what a library says of a failure, as one short printable line."""
    printable = "".join(char if char.isprintable() else " " for char in str(error)[:1000])
    return " ".join(printable.split())[:150].rstrip(" .") or type(error).__name__
