"""Start the window from a checkout: ``python main.py [FILE] [--demo]``."""

import sys

from mdn_gui.app import main

if __name__ == "__main__":
    sys.exit(main())
