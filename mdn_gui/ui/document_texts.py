"""What a person is told of the document: what a crash has left, a file that others have open, a save that failed."""

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from mdn_gui.session.locks import Holder
from mdn_gui.session.messages import Notice, Severity
from mdn_gui.session.place import ChangedOnDiskError, NotSavedError, OpenElsewhereError
from mdn_gui.session.snapshots import RecoveredDocument
from mdn_gui.ui.numbers import counted
from mdn_gui.ui.texts import one_line

SAVE_AS = "save_as"
"""Id of the action that a failed save offers."""
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_DAYS_COUNTED = 14


def _tr(text: str) -> str:
    return QCoreApplication.translate("DocumentTexts", text)


def recovered_notice(orphan: RecoveredDocument, now: datetime) -> Notice:
    """Return what a crash has left, with what each of the buttons does.

    Parameters
    ----------
    orphan : RecoveredDocument
        What was left.
    now : datetime
        The time, with its zone.
    """
    parts = [one_line(orphan.title) or _tr("an untitled document")]
    if orphan.num_runs:
        parts.append(counted(orphan.num_runs, _tr("{count} run"), _tr("{count} runs")))
    parts.append(age_text(orphan.when, now))
    hint = _tr("Recover opens it untitled. Discard deletes it. Otherwise it is offered again at the next start.")
    if orphan.path is not None:
        hint = _tr(
            "Recover opens it untitled and leaves {name} as it was saved. Discard deletes it. Otherwise it is offered "
            "again at the next start."
        ).format(name=one_line(orphan.path.name))
    return Notice(
        _tr("Recovered: {what}").format(what=", ".join(parts)),
        hint,
        Severity.INFO,
        details=str(orphan.path or orphan.folder),
    )


def recover_text() -> str:
    """Return what the button says that opens what was left."""
    return _tr("Recover")


def discard_text() -> str:
    """Return what the button says that deletes what was left."""
    return _tr("Discard")


def age_text(when: datetime, now: datetime) -> str:
    """Return such as "2 minutes ago"; a date where it is more than two weeks."""
    seconds = int((now - when).total_seconds())
    if seconds < _MINUTE:
        return _tr("just now")
    if seconds < _HOUR:
        return counted(seconds // _MINUTE, _tr("{count} minute ago"), _tr("{count} minutes ago"))
    if seconds < _DAY:
        return counted(seconds // _HOUR, _tr("{count} hour ago"), _tr("{count} hours ago"))
    if seconds < _DAYS_COUNTED * _DAY:
        return counted(seconds // _DAY, _tr("{count} day ago"), _tr("{count} days ago"))
    return _tr("on {date}").format(date=when.astimezone(now.tzinfo).strftime("%Y-%m-%d"))


def locked_notice(path: Path, holder: Holder | None) -> Notice:
    """Return what a person should know when a file is opened that another window has open."""
    return Notice(
        _tr("{name} is open in {holder}.").format(name=one_line(path.name), holder=_holder_text(holder)),
        _tr("Everything works here too. To keep what you change, save it under another name."),
        Severity.INFO,
        details=str(path),
        action=SAVE_AS,
    )


def not_saved_notice(error: NotSavedError) -> Notice:
    """Return why the document was not saved; another place is offered."""
    name = one_line(error.path.name)
    if isinstance(error, OpenElsewhereError):
        message = _tr("{name} was not saved: another window has it open.").format(name=name)
        hint = _tr("Save under another name, or close it in the other window first. Nothing is lost.")
    elif isinstance(error, ChangedOnDiskError):
        message = _tr("{name} was not saved: it was changed on disk by another program.").format(name=name)
        hint = _tr("Save under another name, or choose the same name to replace what is there. Nothing is lost.")
    else:
        message, hint = error.message, error.hint
    return Notice(message, hint, Severity.ERROR, details=f"{error.path}\n{error}", action=SAVE_AS)


def _holder_text(holder: Holder | None) -> str:
    if holder is None or holder.is_here:
        return _tr("another window")
    return _tr("a window on {host}").format(host=one_line(holder.host))
