from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from PySide6.QtCore import QSysInfo

from mdn_gui.session.locks import Holder
from mdn_gui.session.messages import Severity
from mdn_gui.session.place import ChangedOnDiskError, NotSavedError, OpenElsewhereError
from mdn_gui.session.snapshots import RecoveredDocument
from mdn_gui.ui.document_texts import (
    SAVE_AS,
    age_text,
    discard_text,
    locked_notice,
    not_saved_notice,
    recover_text,
    recovered_notice,
)

NOW = datetime(2026, 3, 4, 12, 0, 0, tzinfo=timezone.utc)
PATH = Path("/data/heights.mdn")


def left(title: str = "heights.mdn", path: Path | None = PATH, runs: int = 3) -> RecoveredDocument:
    return RecoveredDocument(title, path, NOW - timedelta(minutes=2), runs, Path("/there/0123"))


@pytest.mark.parametrize(
    ("orphan", "message"),
    [
        (left(), "Recovered: heights.mdn, 3 runs, 2 minutes ago"),
        (left(runs=1), "Recovered: heights.mdn, 1 run, 2 minutes ago"),
        (left("", None, 0), "Recovered: an untitled document, 2 minutes ago"),
        (left("a\nb", None, 1200), "Recovered: a b, 1,200 runs, 2 minutes ago"),
    ],
)
def test_that_what_was_left_is_named_with_its_runs_and_age(orphan, message):
    notice = recovered_notice(orphan, NOW)
    assert notice.message == message
    assert notice.severity is Severity.INFO
    assert recover_text() in notice.hint
    assert discard_text() in notice.hint
    assert "untitled" in notice.hint
    assert ("heights.mdn" in notice.hint) is (orphan.path is not None)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-30, "just now"),
        (59, "just now"),
        (60, "1 minute ago"),
        (3_599, "59 minutes ago"),
        (3_600, "1 hour ago"),
        (86_399, "23 hours ago"),
        (86_400, "1 day ago"),
        (13.9 * 86_400, "13 days ago"),
        (14 * 86_400, "on 2026-02-18"),
    ],
)
def test_that_an_age_is_told_in_words(seconds, text):
    assert age_text(NOW - timedelta(seconds=seconds), NOW) == text


@pytest.mark.parametrize(
    ("holder", "where"),
    [
        (None, "another window"),
        (Holder(QSysInfo.machineHostName(), 12), "another window"),
        (Holder("lab-3", 12), "a window on lab-3"),
    ],
)
def test_that_a_file_that_is_open_elsewhere_is_told_with_a_remedy(holder, where):
    notice = locked_notice(PATH, holder)
    assert notice.message == f"heights.mdn is open in {where}."
    assert notice.action == SAVE_AS
    assert notice.severity is Severity.INFO


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (OpenElsewhereError(PATH, "locked"), "another window"),
        (ChangedOnDiskError(PATH, "changed"), "changed on disk"),
        (NotSavedError(PATH, "The disk is full.", "Free some space."), "The disk is full."),
    ],
)
def test_that_every_save_that_fails_offers_another_place(error, word):
    notice = not_saved_notice(error)
    assert word in notice.message
    assert notice.hint
    assert notice.severity is Severity.ERROR
    assert notice.action == SAVE_AS
    assert str(PATH) in notice.details
