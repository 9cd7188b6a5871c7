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
from mdn_gui.core.pin import NamedPlace
from mdn_gui.core.table import Table
from mdn_gui.core.verdict import Speaker
from mdn_gui.files.projects.project import Project
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
        "/data/table 1.csv",
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
        "mdn fit '/data/table 1.csv' --x age,colour,day --y price",
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
    assert "h.1" not in html


def test_that_rows_of_another_run_are_not_shown_with_a_fit() -> None:
    project, other = made_project(), made_project(mixed_table(200))
    html = report(replace(project, table=other.table))
    assert "are not those that this run learned from" in Page(html).text
    assert "h.1" not in html


def test_that_pins_on_other_columns_are_left_out() -> None:
    odd = (NamedPlace("B", 0, (1.0,)), NamedPlace("C", 0, (1.0, 7.0, 1.0)))
    assert "the middle of the data" in Page(report(made_project(pins=odd))).text


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
