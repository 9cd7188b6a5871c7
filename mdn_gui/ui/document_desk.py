"""The document's side of the window: title, saving, opening, what a crash has left."""

from collections.abc import Callable
from datetime import datetime, timezone
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction

from mdn_gui.errors import UserError
from mdn_gui.files.projects.project import Project
from mdn_gui.session.keeping import Keeping, RowsMissingError
from mdn_gui.session.messages import Notice, Severity
from mdn_gui.session.place import NotSavedError
from mdn_gui.session.preferences import Preferences
from mdn_gui.session.snapshots import RecoveredDocument
from mdn_gui.ui.dialogs import Leaving
from mdn_gui.ui.document_texts import discard_text, locked_notice, not_saved_notice, recover_text, recovered_notice
from mdn_gui.ui.texts import one_line

if TYPE_CHECKING:
    from mdn_gui.ui.main_window import MainWindow

SUFFIX = ".mdn"


class DocumentDesk(QObject):
    """Wires the document to the window.

    Parameters
    ----------
    keeping : Keeping
        The document, what keeps it.
    window : MainWindow
        Its title, notices, dialogs.
    """

    def __init__(self, keeping: Keeping, window: "MainWindow") -> None:
        super().__init__(window)
        self._keeping, self._window = keeping, window
        self.document = keeping.document
        self._go_on: Callable[[], object] | None = None
        """What waits until the document is saved."""
        self._notice: Notice | None = None
        self.offer: Notice | None = None
        """What a crash has left and no answer was given to; it outlives the table that is open."""
        self._offered: set[RecoveredDocument] = set()
        self.document.changed.connect(self.show_title)
        self.document.saved.connect(self._take_saved)
        self.document.failed.connect(self._take_failure)
        self.document.opened.connect(self._take_opened)
        session = window.session
        session.table_changed.connect(self.show_title)
        session.run_list.changed.connect(self.show_title)
        self.take_preferences(window.preferences)
        if keeping.recovery is not None:
            keeping.recovery.failed.connect(session.report)

    def take_preferences(self, preferences: Preferences) -> None:
        """Save and keep snapshots as a person prefers."""
        self._keeping.keeps_rows = preferences.keeps_rows
        self._window.session.default_settings = preferences.default_settings
        if self._keeping.recovery is not None:
            self._keeping.recovery.interval = preferences.recovery_seconds

    def shut_down(self) -> None:
        """Finish what is being written; return when every thread has ended."""
        self._keeping.shut_down()

    # -- title --------------------------------------------------------------------------------------------------------

    @Slot()
    def show_title(self, *_: object) -> None:
        """Name the window by the file, else by the table, with the run that is shown; a star where it is modified."""
        session, path = self._window.session, self.document.path
        table = session.table
        parts = [path.name] if path is not None else [table.title] if table is not None else []
        run = session.run_list.run(session.run_list.shown)
        if run is not None:
            parts.append(run.name or self.tr("run {number}").format(number=run.number))
        title = " – ".join(one_line(part) for part in parts)
        # the mark of Qt, where the star appears, must not come from a name
        title = title.replace("[*]", "[ *]")
        self._window.setWindowTitle(f"{title}[*] – mdn-gui" if title else "mdn-gui[*]")
        self._window.setWindowModified(self.document.is_modified)

    # -- saving -------------------------------------------------------------------------------------------------------

    def save(self) -> bool:
        """Save in the file of the document, or ask where; False where that was cancelled."""
        if self.document.path is None:
            return self.save_as()
        self._begin_saving(self.document.path)
        self.document.save()
        return True

    def save_as(self) -> bool:
        """Ask where, save; False where that was cancelled."""
        window = self._window
        suggestion = (
            self.document.path.name if self.document.path is not None else window.commands.suggested_name(SUFFIX)
        )
        path = window.dialogs.path_to_save(self.tr("Save the project"), suggestion, self.tr("Project (*.mdn)"))
        if path is None:
            return False
        self._begin_saving(path)
        self.document.save(path)
        return True

    def _begin_saving(self, path: Path) -> None:
        self._withdraw()
        self._window.runs.commit()
        self._window.status.show_text(self.tr("Saving {name} …").format(name=one_line(path.name)))

    def leave_then(self, go_on: Callable[[], object]) -> None:
        """Go on at once where nothing is lost; otherwise ask, save first where a person wants that."""
        self._go_on = None  # the newest wish counts
        self._window.runs.commit()
        if not self.document.is_modified:
            go_on()
            return
        answer = self._window.dialogs.leave_document(self._name())
        if answer is Leaving.DISCARD:
            go_on()
        elif answer is Leaving.SAVE and self.save():
            self._go_on = go_on

    def _name(self) -> str:
        table, path = self._window.session.table, self.document.path
        name = path.name if path is not None else table.title if table is not None else ""
        return one_line(name)

    @Slot(object)
    def _take_saved(self, path: Path) -> None:
        self._withdraw()
        self._window.preferences.add_recent_file(path)
        self._window.status.show_text(self.tr("Saved {name}.").format(name=one_line(path.name)))
        if self._go_on is not None and not self.document.is_saving:
            go_on, self._go_on = self._go_on, None
            self.leave_then(go_on)  # it may have been changed meanwhile

    @Slot(object)
    def _take_failure(self, error: UserError) -> None:
        self._go_on = None
        self._withdraw()
        if isinstance(error, NotSavedError):
            self._notice = not_saved_notice(error)
        elif isinstance(error, RowsMissingError):
            self._notice = Notice(error.message, error.hint, Severity.INFO)
            find = QAction(self.tr("Find the rows…"), self)
            find.triggered.connect(partial(self._find_rows, error.path))
            self._window.show_notice(self._notice, find)
            return
        else:
            self._notice = Notice(error.message, error.hint)
        self._window.show_notice(self._notice)

    def _withdraw(self) -> None:
        if self._notice is not None:
            self._window.notices.withdraw(self._notice)
            self._notice = None

    # -- opening ------------------------------------------------------------------------------------------------------

    def open(self, path: Path) -> None:
        """Read a project; nothing changes until it is there."""
        if not self._window.session.refuses_changes():
            self._withdraw()
            self._window.status.show_text(self.tr("Opening {name} …").format(name=one_line(path.name)))
            self._keeping.open(path)

    @Slot(object)
    def _take_opened(self, _: Project) -> None:
        path = self.document.path
        if path is None:
            return
        self._window.preferences.add_recent_file(path)
        self._window.status.show_text(self.tr("Opened {name}.").format(name=one_line(path.name)))
        if self.document.is_locked_elsewhere:
            self._notice = locked_notice(path, self.document.holder)
            self._window.show_notice(self._notice)

    def _find_rows(self, project: Path) -> None:
        """Ask for the file with the rows of a project; open it with them."""
        if (path := self._window.dialogs.path_to_open()) is not None:
            self._withdraw()
            self._keeping.open(project, rows=path)

    # -- recovery -----------------------------------------------------------------------------------------------------

    @Slot()
    def offer_recovery(self) -> None:
        """Offer the newest document that a crash has left."""
        recovery = self._keeping.recovery
        if recovery is None or self.offer is not None:
            return
        orphan = next((each for each in recovery.orphans() if each not in self._offered), None)
        if orphan is not None:
            self._show_offer(orphan)

    def _show_offer(self, orphan: RecoveredDocument) -> None:
        self.offer = recovered_notice(orphan, datetime.now(timezone.utc).astimezone())
        recover, discard = QAction(recover_text(), self), QAction(discard_text(), self)
        recover.triggered.connect(lambda: self.leave_then(lambda: self._answer(orphan, is_wanted=True)))
        discard.triggered.connect(lambda: self._answer(orphan, is_wanted=False))
        self._window.notices.show_notice(self.offer, recover, discard)

    def _answer(self, orphan: RecoveredDocument, *, is_wanted: bool) -> None:
        recovery = self._keeping.recovery
        if recovery is None or (is_wanted and self._window.session.refuses_changes()):
            return
        self._offered.add(orphan)
        if self.offer is not None:
            self._window.notices.withdraw(self.offer)
            self.offer = None
        if is_wanted:
            recovery.recover(orphan)
        else:
            recovery.discard(orphan)
        self.offer_recovery()
