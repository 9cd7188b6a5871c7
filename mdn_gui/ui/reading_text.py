"""The read-out as tab-separated text, C locale, all digits."""

from mdn_gui.core.reading import Reading


def reading_text(reading: Reading, input_name: str, target_name: str) -> str:
    """Return the mixture at x for the clipboard.

    Parameters
    ----------
    reading : Reading
        What is read.
    input_name, target_name : str
        Column names; tabs and line ends in them become blanks.

    Returns
    -------
    str
        Lines of tab-separated cells; every number parses back to the same bits. Data units.
    """
    mixture = reading.mixture
    lines: list[tuple[str, ...]] = [
        (_clean(input_name), repr(reading.x)),
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
