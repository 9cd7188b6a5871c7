"""The numbers of a slice as a table to take away."""

from mdn_gui.core.reading import Reading
from mdn_gui.files.tables import DataTable
from mdn_gui.ui.slice.curves import Curves


def slice_table(reading: Reading, curves: Curves, target_name: str) -> DataTable:
    """Return density, cdf, component densities [M] at the points drawn, data units, with the place in the inputs."""
    parts = curves.parts.T
    names = (target_name, "density", "cdf", *(f"density_{k}" for k in range(1, len(parts) + 1)))
    return DataTable(
        f"density of {target_name}", names, (curves.y, curves.whole, curves.cumulative, *parts), _comments(reading)
    )


def _comments(reading: Reading) -> tuple[str, ...]:
    line, source = reading.line, "joint Gaussian mixture" if reading.is_preview else "network"
    about = f"p(y given x) of the {source}, per data unit; the components' densities are times their weights"
    if line is None:
        return about, f"x = {reading.x!r}"
    there = line.holding(line.place, reading.x)
    return (about, *(f"{each.label} = {there.text(place)}" for place, each in enumerate(line.encodings)))
