"""Read a conditional density p(y given x) from a trained mixture density network."""

__version__ = "0.1.0"
