"""How alike two pictures of the window are."""

from pathlib import Path

import numpy as np
from PySide6.QtGui import QImage

PICTURES = Path(__file__).parent / "pictures"
"""Those of the README."""


def mean_difference(first: QImage, second: QImage) -> float:
    """Mean difference of two pictures seen from afar, in steps of 0 to 255: fonts and weights may differ a little."""
    thumbnails = []
    for picture in (first, second):
        small = picture.convertToFormat(QImage.Format.Format_Grayscale8).scaled(80, 50)
        thumbnails.append(np.array([[small.pixelColor(x, y).value() for x in range(80)] for y in range(50)], float))
    return float(np.abs(thumbnails[0] - thumbnails[1]).mean())
