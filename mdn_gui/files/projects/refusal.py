"""What is said of a file that is not believed."""


class RefusedError(Exception):
    """A project file is not believed, or would not be.

    Parameters
    ----------
    reason : str
        What is wrong with it, as the end of a sentence, without the stop.
    remedy : str
        What to do about it, in one sentence; empty to leave that to the caller.
    """

    def __init__(self, reason: str, remedy: str = "") -> None:
        super().__init__(reason)
        self.reason = reason if len(reason) <= 300 else f"{reason[:300]}..."
        self.remedy = remedy
