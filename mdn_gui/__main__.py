"""Start the window with ``python -m mdn_gui``."""

import sys

from mdn_gui.app import main

if __name__ == "__main__":
    sys.exit(main())
