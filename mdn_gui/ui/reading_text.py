"""The read-out as tab-separated text, C locale, all digits."""

from mdn_gui.core.reading import Line, Reading


def reading_text(reading: Reading, line: Line, target_name: str) -> str:
    """Return the mixture at x for the clipboard.

    Parameters
    ----------
    reading : Reading
        What is read.
    line : Line
        Which column moves, where the others are held.
    target_name : str
        Name of the target; tabs and line ends in names become blanks.

    Returns
    -------
    str
        Lines of tab-separated cells; every number parses back to the same bits. Data units.
    """
    mixture = reading.mixture
    lines: list[tuple[str, ...]] = [
        (_clean(line.encodings[line.place].label), line.holding(line.place, reading.x).text(line.place)),
        *((_clean(each.label), _clean(line.text(place))) for place, each in line.others()),
        ("target", _clean(target_name)),
    ]
    if reading.is_preview:
        lines.append(("preview", "joint Gaussian mixture, not the network"))
    lines.append(("component", "weight", "mean", "variance", "sd"))
    quantities = zip(mixture.weights[0], mixture.locs[0], mixture.variances[0], mixture.scales[0], strict=True)
    lines += [(str(k), *(repr(float(q)) for q in row)) for k, row in enumerate(quantities, start=1)]
    lines += [
        ("mixture mean", repr(float(mixture.mean()[0]))),
        ("mixture variance", repr(float(mixture.variance()[0]))),
        ("mixture sd", repr(float(mixture.sd()[0]))),
        ("median", repr(float(mixture.quantile(0.5)[0]))),
        ("rows near x", str(reading.rows_near)),
    ]
    return "\n".join("\t".join(cells) for cells in lines) + "\n"


def _clean(name: str) -> str:
    return " ".join(name.split())
