"""A run as one HTML page that needs nothing else."""

from datetime import datetime, timezone
from typing import TYPE_CHECKING

from mdn_gui import __version__
from mdn_gui.core.calibration import Calibration
from mdn_gui.core.file_names import file_name
from mdn_gui.core.training_run import TrainingRun
from mdn_gui.files.projects.project import Project
from mdn_gui.files.report import markup, sections
from mdn_gui.files.report.axes import cut
from mdn_gui.files.report.look import style_sheet
from mdn_gui.files.report.material import Material
from mdn_gui.files.saving import replace_text

if TYPE_CHECKING:
    from os import PathLike

_SECTIONS = (
    sections.lead,
    sections.data,
    sections.settings,
    sections.losses,
    sections.fit,
    sections.readings,
    sections.calibration,
    sections.runs,
    sections.origin,
)
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
"""The page loads nothing, runs nothing."""
_LONGEST_TITLE = 120


def report_html(
    project: Project, run: TrainingRun, *, calibration: Calibration | None = None, made: datetime | None = None
) -> str:
    """Return a report on a run: one page without scripts, without anything from elsewhere.

    Parameters
    ----------
    project : Project
        The rows, where they are there; pins, questions, other runs.
    run : TrainingRun
        What is reported.
    calibration : Calibration or None
        How it did, where that is known already; judged here by default, a few seconds.
    made : datetime or None
        The date on the page; now by default. Everything else follows from project and run.
    """
    material = Material.of(project, run, calibration)
    moment = (made or datetime.now(timezone.utc)).strftime("%Y-%m-%d %H:%M")
    seen = run.model.provenance
    inputs = ", ".join(encoding.column for encoding in seen.encodings)
    title = cut(f"{seen.target_name} given {inputs}", _LONGEST_TITLE)
    source = cut(project.source.title or file_name(seen.source), _LONGEST_TITLE)
    body = "".join(section(material) for section in _SECTIONS)
    told = " · ".join(filter(None, (source, f"report of {moment}", f"mdn-gui {__version__}")))
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{markup.escaped(title)}</title>\n<style>\n{style_sheet()}</style>\n</head>\n<body>\n<main>\n"
        f"{markup.heading(title, 1)}{markup.paragraph(told, 'muted')}{body}</main>\n</body>\n</html>\n"
    )


def save_report(
    path: "str | PathLike[str]", project: Project, run: TrainingRun, *, calibration: Calibration | None = None
) -> None:
    """Write such a page to a file, whole or not at all; arguments as in :func:`report_html`.

    Raises
    ------
    SaveError
        When the file cannot be written; an earlier file of that name is then unchanged.
    """
    page = report_html(project, run, calibration=calibration)
    replace_text(path, lambda text: text.write(page))
