"""The sections of a report, each as HTML."""

from dataclasses import fields

import numpy as np

from mdn_gui.core.baselines import Rival
from mdn_gui.core.calibration import MASSES, Judge
from mdn_gui.core.config import setting_of
from mdn_gui.core.dataset import FloatArray
from mdn_gui.core.dates import date_text
from mdn_gui.core.diagnostics import Estimate
from mdn_gui.core.encoding import Encoding
from mdn_gui.core.endings import ending_text
from mdn_gui.core.file_names import file_name
from mdn_gui.core.pin import NamedPlace
from mdn_gui.core.plain_numbers import fixed, grouped, shortest, significant
from mdn_gui.core.quantities import Quantity, Shape, quantities
from mdn_gui.core.questions import Questions
from mdn_gui.core.reading import Line, Section
from mdn_gui.core.training_run import TrainingRun
from mdn_gui.core.transform import NONE
from mdn_gui.core.transformed_mixture import ConditionalDensity
from mdn_gui.core.verdict import Speaker, decimals_of, is_too_few
from mdn_gui.files.density_columns import probability_text
from mdn_gui.files.report import markup, pictures
from mdn_gui.files.report.axes import cut
from mdn_gui.files.report.material import Material
from mdn_gui.files.report.reproduce import fit_command, not_in_command

MOST_INPUTS = 6
"""Inputs along which the fit is drawn."""
_MOST_PLACES = 12
_LONGEST = 60
_NAMES = {
    "mean": "mixture mean",
    "sd": "mixture sd",
    "modes": "modes",
    "variance": "mixture variance",
    "variance_within": "variance within components",
    "variance_between": "variance between components",
    "skewness": "skewness",
    "entropy": "entropy, nats",
    "effective_components": "effective number of components",
}
_SPEAKER = Speaker()


def lead(material: Material) -> str:
    """Return the run in one sentence."""
    run = material.run
    name = f"Run {run.number}" + (f", {run.name}" if run.name else "")
    when = f", ended {run.ended.replace('T', ' ').replace('Z', ' UTC')}" if run.ended else ""
    ending = ending_text(run.model) or "a snapshot of a run"
    said = markup.paragraph(f"{name}{when}: {ending}.", "lead")
    return said + markup.paragraph(run.notes)


def data(material: Material) -> str:
    """Return source, rows, roles, what was left out."""
    project, seen, selection = material.project, material.model.provenance, material.selection
    rows = [
        ("source", file_name(project.source.path or seen.source) or project.source.title),
        ("rows the run had", grouped(seen.num_rows)),
        ("target", seen.target_name),
        ("transform of the target", _transform(material)),
        ("SHA-256 of the rows", seen.data_digest),
    ]
    if selection is not None and material.rows is not None:
        rows.append(("rows for the test", grouped(len(selection.test)) if selection.test is not None else "none"))
        left_out = (f"{grouped(len(group.rows))}: {group.reason}" for group in selection.left_out)
        rows.append(("rows left out", "; ".join(left_out) or "none"))
    inputs = [
        (each.label, each.kind.value, *_ends(each, seen.column_ranges[place], float(seen.middle[place])))
        for place, each in enumerate(seen.encodings)
    ]
    head = ("input", "kind", "least, or levels", "middle", "greatest")
    missing = "" if material.rows is not None else markup.paragraph(_why_no_rows(material), "caution")
    return markup.heading("Data") + markup.facts(rows) + markup.table(head, inputs, texts=(0, 1, 2)) + missing


def settings(material: Material) -> str:
    """Return every setting as chosen, with what automatic ones came to."""
    model, found = material.model, material.resolved
    came_to = {
        "activation": found.activation,
        "restarts": f"{found.restarts}" + (" and one from the baseline" if found.distilled else ""),
        "combination": "average" if found.averaged else "best",
        "epochs": grouped(found.epochs),
        "patience": "none" if found.patience is None else grouped(found.patience),
        "batch_size": grouped(found.batch_size),
        "noise": ", ".join(shortest(each, 3) for each in found.noise),
        "weight_decay": f"{found.weight_decay:g}",
    }
    rows = []
    for config in (model.model_config, model.training_config):
        for each in fields(config):
            value = getattr(config, each.name)
            is_automatic = value is None or value == "automatic"
            what = came_to.get(each.name, "") if is_automatic else ""
            rows.append((setting_of(each).label, _value(value), what))
    head = ("setting", "chosen", "automatic came to")
    return markup.heading("Settings") + markup.table(head, rows, texts=(0, 1, 2))


def losses(material: Material) -> str:
    """Return the loss curve."""
    history = material.model.history
    picture = pictures.loss_picture(history) if history is not None else ""
    if history is None or not picture:
        return ""
    curves = "training in grey, validation in blue" if history.validation_nll else "training"
    best = f"; dashed: epoch {grouped(history.best_epoch)}" if history.best_epoch else ""
    star = f"; {_star_text(material)}" if history.best_epoch and np.isfinite(history.best_nll) else ""
    caption = f"NLL by epoch: {curves}{best}{star}. May be negative."
    return markup.heading("Losses") + markup.figure(picture, caption)


def fit(material: Material) -> str:
    """Return the fit along each input, the others held in the middle of the data."""
    model, lines, rows = material.model, material.lines(), material.rows
    shown = lines[:MOST_INPUTS]
    parts = [markup.heading("Fit")]
    drawn = "" if rows is None else f"Dots: {_dots(len(rows))}. "
    parts.append(
        markup.paragraph(
            f"{drawn}Coloured: component means, fainter where their weight is less, each with a band of one sd; below "
            "1 % they are not drawn. Dashed: mixture mean. Blue ground: the regions of highest density "
            "that hold 50 % and 90 % of y at each x.",
            "muted",
        )
    )
    for line in shown:
        held = ", ".join(f"{cut(each.label, _LONGEST)} = {_held(line, place)}" for place, each in line.others())
        parts.append(markup.figure(pictures.fit_picture(model, line, rows), f"Held: {held}" if held else ""))
    if len(lines) > len(shown):
        parts.append(markup.paragraph(f"{len(lines) - len(shown)} more inputs are not drawn.", "muted"))
    return "".join(parts)


def readings(material: Material) -> str:
    """Return what is read at the pins: components, quantities, a slice."""
    places = material.places()
    parts = [markup.heading("Read-outs")]
    for place in places[:_MOST_PLACES]:
        parts.append(_reading(material, place))
    if len(places) > _MOST_PLACES:
        parts.append(markup.paragraph(f"{len(places) - _MOST_PLACES} more pins are not shown.", "muted"))
    return "".join(parts)


def calibration(material: Material) -> str:
    """Return how the fit did on rows that it did not learn from, with the rivals."""
    found = material.calibration
    if found is None:
        return markup.heading("Calibration") + markup.paragraph(_why_no_rows(material), "caution")
    judges = {Judge.TEST: "test rows", Judge.VALIDATION: "held-out rows", Judge.TRAINING: "training rows"}
    parts = [
        markup.heading(f"Calibration on {judges[found.judge]}"),
        markup.paragraph(_SPEAKER.calibration_text(found, 0 if len(found.encodings) == 1 else None), "lead"),
        markup.paragraph(f"Judged: {_SPEAKER.rows_judged_text(found)}. {_SPEAKER.judge_tip(found)}", "muted"),
    ]
    if not is_too_few(found):
        pit = "PIT values: rows in each bin; a fit that is right stays within the band in 19 of 20 bins."
        covered = "Part of the rows in the central intervals, with a band of two standard errors."
        pair = (pictures.pit_picture(found), pit), (pictures.coverage_picture(found), covered)
        parts.append(markup.side_by_side(*(markup.figure(*each) for each in pair)))
        rows = [
            (f"{fixed(100 * mass, 0)} %", _percent(found.central(mass)), _percent(found.regions(mass)))
            for mass in MASSES
            if round(100 * mass) in {10, 25, 50, 75, 80, 90, 95}
        ]
        head = ("mass", "in central interval, %", "in highest-density region, %")
        parts.append(markup.table(head, rows))
    return "".join([*parts, _rivals(material)])


def runs(material: Material) -> str:
    """Return the table of all runs of the project."""
    all_runs = material.project.runs or (material.run,)
    shown = next((place for place, run in enumerate(all_runs) if run is material.run), None)
    head = ("run", "name", "components", "layers", "seed", "NLL, nats", "epochs", "seconds", "ended", "why it ended")
    table = markup.table(head, map(_run_row, all_runs), texts=(0, 1, 8, 9), shown=shown)
    return markup.heading("Runs") + table


def origin(material: Material) -> str:
    """Return versions of the libraries, how to make the run again."""
    run, source = material.run, material.project.source
    taken = material.project.taken if material.rows is not None else None
    versions = ", ".join(f"{name} {version}" for name, version in run.libraries.items()) or "not recorded"
    return (
        markup.heading("How to make it again")
        + markup.code(fit_command(source, taken, run.model))
        + markup.paragraph(not_in_command(source, taken))
        + markup.paragraph(f"Made with {versions}.", "muted")
    )


def _star_text(material: Material) -> str:
    """Return what the star of the loss curve stands for, also where it is no point of the curve."""
    model, history = material.model, material.model.history
    star = "the star is the NLL of what was kept"
    judged = () if history is None else history.validation_nll or history.train_nll
    if history is None or judged[history.best_epoch - 1] == history.best_nll:
        return star
    members = len(model.network.members)
    if members > 1:
        what = f"the average of {members} networks"
    else:
        what = "a network that learned from the joint mixture" if history.distilled else "another network of the run"
    return f"{star}, {what}: it is no point of the curve"


def _reading(material: Material, place: NamedPlace) -> str:
    model = material.model
    line = Line(model.provenance.encodings, place.axis, np.array(place.values))
    density = Section(model, line).conditional(np.array([[place.values[place.axis]]]))
    where = ", ".join(f"{cut(each.label, _LONGEST)} = {_held(line, at)}" for at, each in enumerate(line.encodings))
    order = np.argsort(-density.weights[0], kind="stable")
    heavy = [int(k) for k in order if density.weights[0, k] >= 0.001]
    rows = [_component(density, k) for k in sorted(heavy)]
    left = density.num_components - len(heavy)
    parts = [markup.table(("component", "weight", "mean", "variance", "sd"), rows)]
    if left:
        parts.append(markup.paragraph(f"{left} more have weights below 0.001.", "muted"))
    wanted = quantities(material.project.questions)
    names = (_quantity_name(each, material.project.questions) for each in wanted)
    parts.append(markup.facts(zip(names, (_quantity_text(each, density) for each in wanted), strict=True)))
    picture = markup.figure(pictures.slice_picture(density, place.name or "the cursor", model.provenance.target_name))
    title = f"{place.name}: {where}"
    return markup.heading(title, 3) + markup.side_by_side(picture, "".join(parts))


def _component(density: ConditionalDensity, k: int) -> tuple[str, ...]:
    parts = density.locs[0, k], density.variances[0, k], density.scales[0, k]
    return (f"{k + 1}", fixed(float(density.weights[0, k]), 4), *(significant(float(part)) for part in parts))


def _quantity_name(quantity: Quantity, questions: Questions) -> str:
    if quantity.key == "probability":
        return probability_text(questions)
    percent = "" if quantity.probability is None else f"{quantity.probability * 100:g} %"
    if quantity.key.startswith("quantile_"):
        return f"{percent} quantile"
    return f"{percent} highest-density region" if quantity.key.startswith("region_") else _NAMES[quantity.key]


def _quantity_text(quantity: Quantity, density: ConditionalDensity) -> str:
    values = np.asarray(quantity.read(density))
    if quantity.shape is Shape.INTERVALS:
        return " or ".join(f"{significant(low)} to {significant(high)}" for low, high in values.tolist())
    return ", ".join(significant(value) for value in np.atleast_1d(values).tolist())


def _rivals(material: Material) -> str:
    found = material.calibration
    if found is None:
        return ""
    own: tuple[str, ...] = (_SPEAKER.rival_name(None), _estimate(found.mean_nll), "", _estimate(found.mean_crps), "")
    rows = [own]
    for rival, each in found.rivals.items():
        estimates = (each.nll, each.nll_gain, each.crps, each.crps_gain)
        rows.append((_SPEAKER.rival_name(rival), *map(_estimate, estimates)))
    head = ("", "NLL, nats a row", "gain of the fit", "CRPS", "gain of the fit")
    table = markup.heading("Compared with simpler densities", 3) + markup.table(head, rows, shown=0)
    if Rival.JOINT in found.rivals:
        return table
    return table + markup.paragraph("The joint mixture is not among them: it was not fitted for this report.", "muted")


def _estimate(found: Estimate) -> str:
    return _SPEAKER.estimate_text(found, decimals_of(found))


def _percent(found: Estimate) -> str:
    return f"{fixed(100 * found.value, 1)} ± {fixed(100 * found.standard_error, 1)}"


def _run_row(run: TrainingRun) -> tuple[str, ...]:
    model, history = run.model, run.model.history
    star = "★ " if run.is_starred else ""
    done = ("", "", "") if history is None else _done(run)
    layers = ", ".join(map(str, model.model_config.hidden_layers))
    counts = (str(model.model_config.num_components), layers, str(model.training_config.seed), significant(run.nll))
    ended = run.ended.replace("T", " ").replace("Z", "")
    return (f"{star}{run.number}", run.name, *counts, *done[:2], ended, done[2])


def _done(run: TrainingRun) -> tuple[str, str, str]:
    history = run.model.history
    if history is None:
        return "", "", ""
    return (
        f"{grouped(history.best_epoch)} of {grouped(history.epochs)}",
        fixed(history.seconds, 1),
        history.stop_reason.value,
    )


def _transform(material: Material) -> str:
    transform = material.model.transform
    return "" if transform is NONE else transform.text.format(target="target")


def _why_no_rows(material: Material) -> str:
    if material.project.table is None:
        return "The rows are not in the project file: neither rows nor calibration can be shown."
    return "The rows of the project are not those that this run learned from: none of them is shown with its fit."


def _dots(count: int) -> str:
    if count <= pictures.MOST_POINTS:
        return f"the {grouped(count)} rows"
    return f"{grouped(pictures.MOST_POINTS)} of the {grouped(count)} rows, drawn by chance"


def _ends(encoding: Encoding, ends: FloatArray, middle: float) -> tuple[str, str, str]:
    if encoding.levels:
        return ", ".join(encoding.levels), encoding.levels[int(middle)], ""
    low, high = ends
    texts = (date_text(float(each), encoding) or significant(float(each)) for each in (low, middle, high))
    first, second, third = texts
    return first, second, third


def _held(line: Line, place: int) -> str:
    encoding, value = line.encodings[place], float(line.held[place])
    if encoding.levels:
        return cut(encoding.levels[int(value)], _LONGEST)
    return date_text(value, encoding) or significant(value, 6)


def _value(value: object) -> str:
    if value is None:
        return "automatic"
    if isinstance(value, bool):
        return "on" if value else "off"
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
