"""A report holds everything of a run on one page that loads nothing."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import numpy as np
import pytest

from mdn_gui.core.calibration import calibrate, judging_rows, rivals_of
from mdn_gui.core.columns import Column
from mdn_gui.core.network import averaged
from mdn_gui.core.pin import NamedPlace
from mdn_gui.core.table import Table
from mdn_gui.core.verdict import Speaker
from mdn_gui.files.projects.project import DataSource, Project
from mdn_gui.files.report.page import report_html, save_report
from mdn_gui.files.saving import SaveError
from tests.files.kinds_of_models import HOSTILE
from tests.files.models import random_model
from tests.files.report.documents import Page, made_project, mixed_table

MADE = datetime(2026, 1, 2, tzinfo=timezone.utc)
SHOWN_TAGS = {
    *(
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "main",
        "h1",
        "h2",
        "h3",
        "p",
        "div",
        "table",
        "tr",
        "th",
        "td",
    ),
    *("figure", "figcaption", "pre", "svg", "path", "rect", "text"),
}


def report(project: Project, number: int = 2) -> str:
    run = project.run(number)
    assert run is not None
    return report_html(project, run, made=MADE)


@pytest.fixture(scope="module")
def html() -> str:
    return report(made_project())


def pictures(html: str) -> list[str]:
    return re.findall(r'<svg class="picture".*?</svg></svg>', html, re.DOTALL)


def test_that_the_page_loads_nothing(html: str) -> None:
    page = Page(html)
    assert page.tags <= SHOWN_TAGS
    assert page.open == []
    assert {name for name, _ in page.attributes}.isdisjoint({"href", "src", "xlink:href", "style", "onload", "action"})
    assert "url(" not in html
    assert "@import" not in html
    assert set(re.findall(r"\w+://[^\s\"<]*", html)) == {"http://www.w3.org/2000/svg"}
    assert "default-src 'none'" in html


def test_that_every_section_is_there(html: str) -> None:
    text = Page(html).text
    for told in (
        "price given age, colour, day",
        "Run 2, name 2, ended 2026-01-02 03:04:05 UTC: best epoch 900 of 1200",
        "a note",
        "table 1.csv",
        "2: excluded by hand",
        "Settings",
        "Losses",
        "Held: colour = ",
        "A: age = 30.0000, colour = <b>green</b>, day (days since 2020-01-01) = 2021-02-04",
        "mixture mean",
        "90 % highest-density region",
        "Calibration on test rows",
        "joint mixture",
        "one Gaussian",
        "★ 1",
        "numpy 2.0",
        "mdn fit 'table 1.csv' --x age,colour,day --y price",
    ):
        assert told in text


def test_that_the_sentence_of_the_calibration_is_that_of_the_window(html: str) -> None:
    project = made_project()
    taken, table, model = project.taken, project.table, project.runs[1].model
    assert taken is not None
    assert table is not None
    selection = taken.selection(table)
    rows = judging_rows(model, selection.dataset, selection.test)
    assert rows is not None
    found = calibrate(model, rows, rivals_of(model, selection.dataset))
    assert found is not None
    given = report_html(project, project.runs[1], calibration=found, made=MADE)
    assert Speaker().calibration_text(found) in Page(given).text
    assert "it was not fitted for this report" in Page(given).text
    assert Speaker().rows_judged_text(found) in Page(html).text


def test_that_held_out_rows_judge_where_there_is_no_test() -> None:
    text = Page(report(made_project(hold_out=0.0))).text
    assert "Calibration on held-out rows" in text


@pytest.mark.parametrize("transform", ["none", "log"])
def test_that_pictures_are_well_formed_whatever_is_read(transform: str) -> None:
    far = NamedPlace("far", 0, (1e12, 2.0, -1e12))
    project = made_project(transform="log" if transform == "log" else "none", pins=(far,))
    found = pictures(report(project))
    assert len(found) == 1 + 3 + 1 + 2
    for picture in found:
        root = ET.fromstring(picture)
        assert not re.search(r"nan|inf", picture.replace("fit along", "").lower())
        assert root.attrib["aria-label"]


def test_that_rows_are_thinned_to_a_few_thousand() -> None:
    found = pictures(report(made_project(mixed_table(20_000))))
    assert [picture.count("h.1") for picture in found[1:4]] == [3_000] * 3


def test_that_a_rival_that_takes_long_is_left_out_with_a_word() -> None:
    text = Page(report(made_project(mixed_table(8_000)))).text
    assert "The joint mixture is not among them" in text
    assert "straight line" in text


def test_that_hostile_texts_are_shown_as_texts() -> None:
    for start in range(0, len(HOSTILE), 3):
        names = tuple(HOSTILE[(start + each) % len(HOSTILE)] for each in range(4))
        project = made_project(mixed_table(names=names), pins=(NamedPlace(names[0], 0, (30.0, 1.0, 400.0)),))
        runs = tuple(replace(run, name=names[1], notes=names[2]) for run in project.runs)
        page = Page(report(replace(project, runs=runs)))
        assert page.tags <= SHOWN_TAGS
        assert page.open == []
        shown = "".join(char if char.isprintable() else " " for char in names[2])
        assert " ".join(shown.split())[:20] in " ".join(page.text.split())
        assert all(char.isprintable() or char == "\n" for char in page.text)


def test_that_without_rows_it_says_what_is_missing() -> None:
    project = made_project()
    html = report(replace(project, table=None, taken=None))
    assert "The rows are not in the project file" in Page(html).text
    assert len(pictures(html)) == 1 + 3 + 1
    assert "A: age = 30.0000" in Page(html).text
    assert "h.1" not in html


def test_that_rows_of_another_run_are_not_shown_with_a_fit() -> None:
    project, other = made_project(), made_project(mixed_table(200))
    html = report(replace(project, table=other.table))
    assert "are not those that this run learned from" in Page(html).text
    assert "h.1" not in html


def test_that_pins_on_other_columns_are_left_out() -> None:
    odd = (NamedPlace("B", 0, (1.0,)), NamedPlace("C", 0, (1.0, 7.0, 1.0)))
    text = Page(report(made_project(pins=odd))).text
    assert "median of age: age = " in text
    assert "B: age" not in text


def test_that_the_page_follows_from_project_run_date() -> None:
    assert report(made_project()) == report(made_project())


def test_that_the_largest_page_stays_below_2_mb() -> None:
    rng = np.random.default_rng(0)
    no = np.zeros(3_200, dtype=bool)
    columns = tuple(Column(f"x{k}", rng.normal(size=3_200), no) for k in range(8))
    table = Table("wide", (*columns, Column("y", rng.normal(size=3_200), no)))
    pins = tuple(NamedPlace(str(pin), pin % 8, tuple(rng.normal(size=8).tolist())) for pin in range(20))
    html = report(made_project(table, components=64, pins=pins))
    assert len(html.encode()) < 2_000_000
    assert "2 more inputs are not drawn" in html
    assert "8 more pins are not shown" in html


def test_that_a_model_of_unknown_rows_is_reported() -> None:
    model = random_model(1, history=None)
    made = made_project().runs[0]
    run = replace(made, model=model, number=1)
    html = report_html(Project(runs=(run,)), run, made=MADE)
    assert "a snapshot of a run" in Page(html).text


def test_that_a_report_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    project = made_project()
    save_report(tmp_path / "made.html", project, project.runs[0])
    assert (tmp_path / "made.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    with pytest.raises(SaveError):
        save_report(tmp_path / "none" / "made.html", project, project.runs[0])


def test_that_every_pin_is_read(html: str) -> None:
    pins = (NamedPlace("A", 0, (30.0, 1.0, 400.0)), NamedPlace("here, too", 2, (50.0, 0.0, 100.0)))
    page = report(made_project(pins=pins))
    for name in ("A", "here, too"):
        assert f"{name}: age = " in Page(page).text
        assert f'aria-label="Density at {name}"' in page
    assert len(pictures(page)) == len(pictures(html)) + 1


def test_that_without_pins_the_quartiles_are_read() -> None:
    project = made_project(pins=())
    assert project.table is not None
    assert project.taken is not None
    ages = project.taken.selection(project.table).dataset.sorted_column(0)
    html = report(project)
    texts = Page(html).text
    for share, name in ((0.25, "lower quartile of age"), (0.5, "median of age"), (0.75, "upper quartile of age")):
        assert f"{name}: age = {np.quantile(ages, share):.4f}" in texts
        assert f'aria-label="Density at {name}"' in html


@pytest.mark.parametrize(
    ("columns", "names"),
    [
        ((1, 0, 2, 3), ["red", "&lt;b&gt;green&lt;/b&gt;", "age"]),
        ((0, 3), ["below the middle of age", "the middle of age", "above the middle of age"]),
    ],
)
def test_that_there_are_three_places_also_without_rows_or_numbers(columns: tuple[int, ...], names: list[str]) -> None:
    table = mixed_table()
    table = replace(table, columns=tuple(table.columns[place] for place in columns))
    project = made_project(table, pins=())
    html = report(project if len(columns) == 4 else replace(project, table=None, taken=None))
    assert re.findall(r'aria-label="Density at ([^"]*)"', html) == names


def test_that_a_constant_input_has_one_place() -> None:
    table = mixed_table()
    age = replace(table.columns[0], values=np.full(300, 40.0))
    html = report(made_project(replace(table, columns=(age, *table.columns[1:])), pins=()))
    assert re.findall(r'aria-label="Density at ([^"]*)"', html) == ["median of age"]


def test_that_no_folder_is_told() -> None:
    project = made_project(replace(mixed_table(), source="/home/someone/table 1.csv"))
    source = DataSource("/home/someone/table 1.csv", title="table 1.csv", test_path="C:\\Users\\someone\\test.csv")
    assert project.taken is not None
    project = replace(project, source=source, taken=replace(project.taken, test_table=mixed_table()))
    page = report(project)
    assert "someone" not in page
    assert "someone" not in report(replace(project, source=DataSource()))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ((None, False), "the star is the NLL of what was kept. May be negative"),
        ((0.25, False), "of what was kept, another network of the run: it is no point of the curve. May"),
        (
            (0.25, True),
            "of what was kept, a network that learned from the joint mixture: it is no point of the curve",
        ),
    ],
)
def test_that_the_caption_says_what_the_star_is(change: tuple[float | None, bool], words: str) -> None:
    run = made_project().runs[1]
    assert run.model.history is not None
    kept, distilled = change
    model = replace(run.model, history=replace(run.model.history, kept_nll=kept, distilled=distilled))
    assert words in Page(report_html(Project(), replace(run, model=model), made=MADE)).text


def test_that_an_average_is_named_as_such() -> None:
    run = made_project().runs[1]
    assert run.model.history is not None
    network = averaged(run.model.network.members * 2, (0.5, 0.5))
    model = replace(run.model, network=network, history=replace(run.model.history, kept_nll=0.25))
    text = Page(report_html(Project(), replace(run, model=model), made=MADE)).text
    assert "of what was kept, the average of 2 networks: it is no point of the curve" in text


def test_that_where_no_epoch_was_kept_there_is_no_star() -> None:
    run = made_project().runs[1]
    assert run.model.history is not None
    model = replace(run.model, history=replace(run.model.history, best_epoch=0, kept_nll=0.25))
    assert "the star is" not in Page(report_html(Project(), replace(run, model=model), made=MADE)).text


def test_that_the_ground_of_a_fit_are_two_regions(html: str) -> None:
    _, along_age, along_colour, _, *_ = pictures(html)
    assert along_age.count("ground-area") >= 2
    assert along_colour.count("ground-area") >= 2 * 3
