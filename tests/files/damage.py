"""Reads many damaged copies of one file in a process of its own, since a parser could take the process with it.

Started as a program: the file, the number of copies. Prints how many were read and how many refused; every exception
that is no DataError, and every reading of more than ten seconds, is a line of its own.
"""

import json
import logging
import random
import sys
import warnings
from collections import Counter
from pathlib import Path
from time import monotonic

from mdn_gui.errors import DataError
from mdn_gui.files.formats import preview_here, read_here
from mdn_gui.files.options import ReadOptions, Unwatched


def damaged(content: bytes, chance: random.Random) -> bytes:
    """Return a copy with flipped bits, overwritten bytes, a piece missing, or its end missing."""
    copy = bytearray(content)
    place = chance.randrange(len(copy))
    match chance.randrange(5):
        case 0:
            return bytes(copy[:place])
        case 1:
            del copy[place : place + chance.randrange(1, 20)]
        case 2:
            copy[place : place + 4] = chance.randbytes(4)
        case 3:
            copy[-1 - place % min(300, len(copy))] ^= 1 << chance.randrange(8)
        case _:
            for _ in range(chance.randrange(1, 4)):
                copy[chance.randrange(len(copy))] ^= 1 << chance.randrange(8)
    return bytes(copy)


def main() -> None:
    warnings.simplefilter("ignore")
    limit_memory()
    source, copies = Path(sys.argv[1]), int(sys.argv[2])
    content, chance = source.read_bytes(), random.Random(5)
    outcomes: Counter[str] = Counter()
    target = source.with_name(f"damaged{source.suffix}")
    for number in range(copies):
        target.write_bytes(damaged(content, chance))
        begin = monotonic()
        try:
            preview_here(target, ReadOptions())
            read_here(target, ReadOptions(), Unwatched())
            outcomes["read"] += 1
        except DataError:
            outcomes["refused"] += 1
        except MemoryError:
            outcomes["too large"] += 1
        except Exception:
            outcomes["escaped"] += 1
            logging.exception("copy %d", number)
        if monotonic() - begin > 10:
            outcomes["slow"] += 1
    sys.stdout.write(json.dumps(outcomes))


def limit_memory() -> None:
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (4 * 1024**3, 4 * 1024**3))


if __name__ == "__main__":
    main()
