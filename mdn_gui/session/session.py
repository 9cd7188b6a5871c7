"""What is open now: data, settings, run state, model."""

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QObject, Signal, Slot

from mdn_gui.core.automatic import ResolvedSettings
from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.core.dataset import Dataset
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.identity import ComponentFinding
from mdn_gui.core.joint_mixture import JointMixture
from mdn_gui.core.metrics import StopReason
from mdn_gui.core.pruning import without_components
from mdn_gui.core.reading import Readable
from mdn_gui.core.selection import HoldOut, RowArray, Selection
from mdn_gui.core.sweep import SweepPlan
from mdn_gui.core.table import Table
from mdn_gui.errors import ConfigError, DataError
from mdn_gui.files.projects.project import Project
from mdn_gui.session.baseline import BaselineFit, BaselineFitter
from mdn_gui.session.collector import RunCollector
from mdn_gui.session.data import OpenData
from mdn_gui.session.edits import Edits
from mdn_gui.session.history import History
from mdn_gui.session.importing import ImportChoice
from mdn_gui.session.instrument import Instrument
from mdn_gui.session.loader import Read, TableLoader
from mdn_gui.session.messages import FitLoader, Notice, RunState, Severity
from mdn_gui.session.projects import project_of, with_unfinished
from mdn_gui.session.recall import Recall
from mdn_gui.session.reporting import notice_of
from mdn_gui.session.run_list import RunList
from mdn_gui.session.runner import TrainingRunner
from mdn_gui.session.runs import Runs
from mdn_gui.session.settings import continuing, refuse_impossible, settings_on, slower, with_next_seed


class Session(QObject):
    """The state behind one window, with a narrow signal for each thing that can change.

    Parameters
    ----------
    load_fit : callable
        Returns ``fit``; called in the worker thread.
    read_file : callable
        Takes a path, ReadOptions and a Watch, returns a Table or raises UserError; called in a thread of its own.
    fit_baseline : callable
        Fits the joint mixture of a split; called in a thread of its own.
    parent : QObject, optional
        Owner.
    """

    table_changed = Signal(object)
    """Table: a new table is open."""
    selection_changed = Signal(object)
    """Selection: columns have roles."""
    settings_changed = Signal(object, object)
    """ModelConfig, TrainingConfig."""
    state_changed = Signal(object)
    """RunState."""
    phase_entered = Signal(object)
    """Phase of the run, before its first epoch."""
    run_started = Signal(object)
    """FittedModel that the run continues, or None."""
    progressed = Signal(object)
    """tuple of EpochMetrics, the newest last."""
    model_changed = Signal()
    """Another network is shown, or none: of a snapshot while training, before the first one of the preview."""
    baseline_changed = Signal()
    """The joint mixture of the rows is known, or is no more."""
    references_changed = Signal(object)
    """tuple of Reference: what the NLL on the held-out rows of the run shown is measured against."""
    replay_changed = Signal(object)
    """Replay: the epochs of the run shown that can be shown again, which of them is."""
    run_finished = Signal(object)
    """FittedModel of a finished run, or None when it failed or was discarded."""
    document_began = Signal()
    """Another document begins: other rows are about to be open, or a project."""
    weights_reset = Signal()
    """The fit was dropped on request."""
    refused = Signal(object)
    """DataError: these settings cannot learn from these rows."""
    noticed = Signal(object)
    """Notice."""

    def __init__(
        self, load_fit: FitLoader, read_file: Read, fit_baseline: BaselineFit, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._model_config, self._training_config = ModelConfig(), TrainingConfig()
        self.instrument = Instrument(self)
        self.history = History(self)
        self.run_list = RunList(self.history, self)
        self.default_settings = self._model_config, self._training_config
        """Those of a document that takes the place of another."""
        self.unknown: Mapping[str, object] = {}
        """Entries of the open project that this version does not know."""
        self.data = OpenData(TableLoader(read_file, self), self)
        self.data.table_changed.connect(self.table_changed)
        self.data.selection_changed.connect(self._take_selection)
        self.data.failed.connect(self.report)
        self.data.began_anew.connect(self._begin_document)
        self._edits = Edits(self.data, self.instrument, self.history, self.run_list, self)
        self._baselines = BaselineFitter(fit_baseline, self)
        self._baselines.changed.connect(self._take_baseline)
        self._runs = Runs(load_fit, self, lambda: self.instrument.is_moving)
        self._runs.state_changed.connect(self.state_changed)
        self._runs.phase_entered.connect(self.phase_entered)
        self._runs.started.connect(self.run_started)
        self._runs.progressed.connect(self.progressed)
        self._runs.model_changed.connect(self._show_model)
        self._runs.replay_changed.connect(self.replay_changed)
        self._runs.failed.connect(self.report)
        self.collector = RunCollector(self._runs, self.run_list, self)
        self.sweep = self.collector.sweep
        self.sweep.ended.connect(self._show_swept)
        self._runs.finished.connect(self.run_finished)
        self.recall = Recall(self, self._runs)

    @property
    def state(self) -> RunState:
        """What the session is doing."""
        return self._runs.state

    @property
    def runner(self) -> TrainingRunner:
        """The worker thread's front."""
        return self._runs.runner

    @property
    def table(self) -> Table | None:
        """The open table."""
        return self.data.table

    @property
    def selection(self) -> Selection | None:
        """The chosen columns of the table."""
        return self.data.selection

    @property
    def dataset(self) -> Dataset | None:
        """The complete rows of the chosen columns."""
        return self.data.selection.dataset if self.data.selection else None

    @property
    def model_config(self) -> ModelConfig:
        """Settings of the next run's model."""
        return self._model_config

    @property
    def training_config(self) -> TrainingConfig:
        """Settings of the next run."""
        return self._training_config

    @property
    def resolved_settings(self) -> ResolvedSettings | None:
        """What the next run does where its settings are automatic; None without data."""
        if self.dataset is None:
            return None
        return settings_on(self.dataset, self._model_config, self._training_config)

    @property
    def model(self) -> FittedModel | None:
        """The network that the plots show: the newest snapshot while training, else the last fit."""
        return self._runs.model

    @property
    def shown_epoch(self) -> int | None:
        """The epoch of the past that is shown; None for the newest network."""
        return self._runs.shown_epoch

    @property
    def fitted(self) -> FittedModel | None:
        """The last fit."""
        return self._runs.fitted

    @property
    def is_preview(self) -> bool:
        """Whether the plots show the joint mixture, because there is no network yet."""
        return self.model is None and self._shown is not None

    def joint_mixture_of(self, model: FittedModel) -> JointMixture | None:
        """Return the joint mixture of the rows that ``model`` was trained on, where it is known."""
        return self._baselines.mixture_for(model.model_config, model.training_config)

    @property
    def fit_saw_these_rows(self) -> bool:
        """Whether the last fit, if there is one, learned from the rows that are open."""
        fitted, dataset = self._runs.fitted, self.dataset
        return fitted is None or dataset is None or fitted.provenance.data_digest == dataset.digest

    @property
    def fit_reads_these_columns(self) -> bool:
        """Whether there is a fit, and its columns are those that are open, whatever rows it saw."""
        return self.dataset is not None and self._runs.can_read(self.dataset)

    # -- data ---------------------------------------------------------------------------------------------------------

    def open_file(self, choice: ImportChoice) -> None:
        """Read a file in the background."""
        if not self.refuses_changes():
            self.data.open_file(choice)

    def open_table(self, table: Table) -> None:
        """Make ``table`` the open one; on an error everything stays as it was and a notice is emitted."""
        if not self.refuses_changes():
            self.data.open_table(table)

    def choose_columns(self, inputs: Sequence[str], target: str) -> bool:
        """Give columns their roles; False, with a notice, when that is not possible."""
        return not self.refuses_changes() and self._edits.choose_columns(inputs, target)

    def hold_out(self, hold_out: HoldOut) -> bool:
        """Keep other rows for the test; False, with a notice, when that is not possible."""
        return not self.refuses_changes() and self._edits.hold_out(hold_out)

    @Slot(object)
    def exclude_rows(self, rows: Sequence[int] | RowArray) -> bool:
        """Take rows of the table out, counted from 0; False, with a notice, when that is not possible."""
        return not self.refuses_changes() and self._edits.exclude(rows)

    def restore_rows(self) -> bool:
        """Use every row again that was taken out by hand."""
        return not self.refuses_changes() and self._edits.restore_excluded()

    @Slot(object)
    def _take_selection(self, selection: Selection) -> None:
        self._baselines.follow(selection.dataset, self._model_config, self._training_config)
        self._runs.show_epoch(None)
        self.selection_changed.emit(selection)
        self.instrument.begin_on(selection.dataset)
        if self.data.is_same_source and self.fit_reads_these_columns:
            self._show_model()  # the fit stays, though it saw other rows
        else:
            self.recall.show_fitting()

    def configure(self, model_config: ModelConfig, training_config: TrainingConfig) -> None:
        """Take settings for the next run."""
        before = self._model_config, self._training_config
        self.take_settings(model_config, training_config)
        self._edits.record_settings(before, (model_config, training_config), self.take_settings)

    def take_settings(self, model_config: ModelConfig, training_config: TrainingConfig) -> None:
        """Take settings for the next run without recording that they have changed."""
        self._model_config, self._training_config = model_config, training_config
        self.settings_changed.emit(model_config, training_config)
        if self.dataset is not None:
            self._baselines.follow(self.dataset, model_config, training_config)

    @Slot()
    def _take_baseline(self) -> None:
        if self.model is None:
            self._show_model()
        self.send_references()
        self.baseline_changed.emit()

    def send_references(self) -> None:
        """Tell the NLL of the baseline where it was judged on the rows that judge the run shown."""
        fitted = self._runs.fitted
        configs = (fitted.model_config, fitted.training_config) if fitted and self.fit_saw_these_rows else None
        if self.state.is_running and not self._runs.is_quiet:
            configs = self._model_config, self._training_config
        references = self._baselines.references_for(*configs) if configs else ()
        if references:
            self.references_changed.emit(references)

    # -- the run ------------------------------------------------------------------------------------------------------

    def start_training(self) -> None:
        """Begin a run on the open data; does nothing while a run lives, a file is being read, or without data."""
        self._train(self._training_config)

    def continue_training(self) -> None:
        """Train the last fit further: its network and split, the other settings as they stand.

        Not on other rows than it saw: some of those held out then would be learned from now.
        """
        if self._runs.fitted is not None and self.fit_saw_these_rows:
            self._train(self._training_config, self._runs.fitted)

    def remove_components(self, findings: Iterable[ComponentFinding]) -> None:
        """Train the last fit further without some of its components; where that is impossible it is told why."""
        fitted = self._runs.fitted
        if fitted is None or not self.fit_saw_these_rows or self.state.is_running:
            return
        try:
            self._train(self._training_config, without_components(fitted, findings))
        except ConfigError as error:
            self.report(error)

    def train_with_new_seed(self) -> None:
        """Begin a run with the next seed: another split, start, order, noise."""
        self._train(with_next_seed(self._training_config))

    def retry_slower(self) -> None:
        """Begin a run that diverged once more, at 0.3 times its learning rate."""
        fitted = self._runs.fitted
        if fitted is not None and fitted.history is not None and fitted.history.stop_reason is StopReason.DIVERGED:
            origin = self._runs.origin if self.fit_saw_these_rows else None
            self._train(slower(self._training_config, fitted.training_config), origin)

    def _train(self, training_config: TrainingConfig, continued: FittedModel | None = None) -> None:
        selection = self.selection
        if selection is None or self.state.is_running or self.data.is_reading:
            return
        configs = self._model_config, training_config
        if continued is not None:
            configs = continued.model_config, continuing(training_config, continued.training_config)
        if configs != (self._model_config, self._training_config):
            self.configure(*configs)
        try:
            refuse_impossible(selection, configs[0])
        except DataError as error:
            self.refused.emit(error)
            return
        self.collector.begin(continued)
        self._runs.start(selection.dataset, *configs, continued)
        self.send_references()

    def start_sweep(self, plan: SweepPlan) -> None:
        """Begin the runs of a plan on the open data, in the background; where that is impossible it is told why."""
        selection = self.selection
        if selection is None or self.state.is_running or self.data.is_reading:
            return
        try:
            refuse_impossible(selection, self._model_config)
            configs = self._model_config, self._training_config
            self.sweep.start(plan, selection.dataset, *configs, self.collector.next_sweep)
        except (ConfigError, DataError) as error:
            self.refused.emit(error)

    @Slot()
    def _show_swept(self) -> None:
        """Show what a sweep has made where nothing was shown."""
        if self.run_list.shown == 0:
            self.recall.show_fitting()

    def reset_weights(self) -> None:
        """Drop the fit; the next run begins from the start that the seed gives."""
        if self.state is RunState.FITTED:
            self._runs.begin_anew()
            self.run_list.show(0)
            self.weights_reset.emit()

    # -- the document -------------------------------------------------------------------------------------------------

    def project(self, *, for_recovery: bool = False) -> Project:
        """Return everything that is kept of what is open, for a recovery with what the run under way has reached."""
        project, made = project_of(self), self.collector
        return with_unfinished(project, made.unfinished, made.continues) if for_recovery else project

    @Slot()
    def _begin_document(self) -> None:
        """Forget the runs, because other rows are about to be open."""
        self.unknown = {}
        if self.table is not None:
            self.take_settings(*self.default_settings)
        self.run_list.clear()
        self.history.clear()
        self.document_began.emit()  # last: to forget is no change of the new one

    def stop_early(self) -> None:
        """End the run with its best epoch."""
        self._runs.stop_early()

    def show_epoch(self, epoch: int | None) -> None:
        """Show the network as it was at an epoch or before, or with None the newest one again."""
        self._runs.show_epoch(epoch)

    def discard_run(self) -> None:
        """Throw the run away; the previous model comes back."""
        self._runs.discard()

    def shut_down(self) -> None:
        """End every thread; returns when they have finished."""
        for part in (self.data.loader, self._baselines, self.runner, self.history):
            part.shut_down()

    @property
    def _shown(self) -> Readable | None:
        return self.model or self._baselines.mixture

    @Slot()
    def _show_model(self) -> None:
        self.instrument.show(self._shown, is_preview=self.is_preview, epoch=self.shown_epoch)
        self.model_changed.emit()

    def refuses_changes(self) -> bool:
        """Return whether a run is under way, so that the data must stay; a notice says so."""
        if self.state.is_running:
            message = self.tr("The data cannot change while a run is under way.")
            hint = self.tr("Stop the run early or discard it first.")
            self.noticed.emit(Notice(message, hint, Severity.INFO))
        return self.state.is_running

    @Slot(object)
    def report(self, error: BaseException) -> None:
        """Tell the person about an error."""
        self.noticed.emit(notice_of(error))
