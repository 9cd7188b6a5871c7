from dataclasses import replace

import numpy as np
import pytest

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.metrics import EpochMetrics, StopReason, TrainingHistory
from mdn_gui.core.network import averaged
from mdn_gui.core.selection import LeftOut, Selection
from mdn_gui.session.messages import Phase, RunState
from mdn_gui.ui.texts import (
    divergence_notice,
    end_text,
    has_diverged,
    left_out_text,
    left_out_tip,
    phase_text,
    progress_text,
    remarks_text,
    rows_text,
    state_text,
    tip_text,
)
from tests.fakes import made_model

METRICS = EpochMetrics(412, 2000, -0.3, -0.4121, 312, 150, 4.12)


def selection(*groups: LeftOut) -> Selection:
    return Selection(Dataset(np.zeros((2, 1)), np.arange(2.0), ("x",), "y"), groups)


def ended(**changes: object) -> str:
    history = TrainingHistory((1.0, 0.5, 0.7), (1.1, 0.25, 0.8), 2, StopReason.PATIENCE, 12.34)
    return end_text(made_model(selection().dataset, history=replace(history, **changes)))


def test_that_counts_are_grouped_for_reading():
    assert rows_text(1234567) == "1,234,567 rows"
    assert left_out_text(selection(LeftOut("r", tuple(range(1, 1001))), LeftOut("s", (2000,)))) == "1,001 left out"


def test_that_counts_are_grouped_as_the_reader_does(german):
    assert rows_text(1234567) == "1.234.567 rows"


def test_that_reasons_list_the_first_rows():
    tip = left_out_tip(selection(LeftOut("empty a", tuple(range(1, 21))), LeftOut("b is infinite", (7,))))
    assert tip.splitlines() == [
        "20: empty a (rows 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, …)",
        "1: b is infinite (row 7)",
    ]
    assert left_out_tip(selection()) == "Every row is used."


def test_that_progress_tells_epoch_best_patience_and_time():
    text = progress_text(METRICS)
    assert text.split(" · ") == [
        "Training",
        "epoch 412/2000",
        "best 312 (validation NLL now -0.412)",
        "100/150 since best",
        "≤ 16 s left",
    ]


def test_that_progress_without_validation_tells_the_training_nll():
    text = progress_text(replace(METRICS, validation_nll=None, patience=None))
    assert "train NLL -0.300" in text
    assert "since best" not in text
    assert "validation" not in text


def test_that_less_than_a_second_counts_as_one():
    assert progress_text(replace(METRICS, epoch=2000, best_epoch=1990)).endswith("≤ 1 s left")


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (StopReason.COMPLETED, "Finished all 3 epochs."),
        (StopReason.PATIENCE, "no better validation NLL for 1 epoch."),
        (StopReason.STOPPED, "Stopped by you after 3 epochs."),
        (StopReason.INTERRUPTED, "Interrupted after 3 epochs: the program ended"),
        (StopReason.DIVERGED, "the run diverged, even after the rate was halved again and again."),
    ],
)
def test_that_the_end_tells_why_what_was_kept_and_how_long_it_took(reason, words):
    text = ended(stop_reason=reason)
    assert words in text
    assert "Kept epoch 2 (validation NLL 0.250)." in text
    assert text.endswith("12.3 s")


def test_that_the_end_tells_how_often_the_rate_was_halved():
    for count, word in ((1, "once"), (2, "twice"), (3, "3 times")):
        assert f"The rate was halved {word} after unstable steps. Kept epoch 2" in ended(rollbacks=count)
    assert "unstable" not in ended()


def test_that_an_average_is_told_with_the_size_of_its_mixture():
    model = made_model(selection().dataset, history=TrainingHistory((1.0,), (1.1,), 1, StopReason.COMPLETED, 1.0))
    model = replace(model, network=averaged((model.network,) * 3, (0.5, 0.25, 0.25)))
    model = replace(model, history=replace(model.history, kept_nll=-0.125))
    assert "Kept the average of 3 networks, 9 components (validation NLL -0.125)." in end_text(model)


def test_that_a_fit_that_learned_from_the_joint_mixture_says_so():
    text = ended(distilled=True, kept_nll=0.5)
    assert text.startswith("Stopped early: no better validation NLL followed. Kept what was learned from the joint ")
    assert "with so few rows it is as good on the held-out rows (validation NLL 0.500)." in text
    assert "epoch 2" not in text


def test_that_a_run_that_diverged_offers_to_go_on_more_slowly():
    history = TrainingHistory((), (), 0, StopReason.DIVERGED, 1.0, rollbacks=8)
    model = made_model(selection().dataset, history=history)
    assert has_diverged(model)
    assert "The model is the starting point." in end_text(model)
    assert "8" not in end_text(model)
    notice = divergence_notice(model)
    assert notice.message == "The run diverged at learning rate 0.005."
    assert notice.action == "retry_slower"
    assert "learning_rate: 0.005" in notice.details
    assert not has_diverged(None)
    assert not has_diverged(made_model(selection().dataset))


def test_that_an_absurd_nll_stays_short():
    assert "(validation NLL 7.832e+24)" in ended(kept_nll=7.83220737377146e24)


def test_that_the_end_without_validation_speaks_of_training():
    assert "Kept epoch 2 (train NLL 0.500)." in ended(validation_nll=(), stop_reason=StopReason.COMPLETED)


def test_that_a_run_without_epochs_and_a_snapshot_have_their_own_end():
    none = ended(train_nll=(), validation_nll=(), best_epoch=0, stop_reason=StopReason.STOPPED)
    assert none.startswith("Stopped before the first epoch")
    assert end_text(made_model(selection().dataset)) == ""


def test_that_every_state_and_phase_has_words_of_its_own():
    texts = [state_text(state) for state in RunState] + [phase_text(phase) for phase in Phase]
    assert all(texts)
    assert len(set(texts)) == len(texts)


def test_that_a_tool_tip_takes_no_formatting_from_a_file():
    assert tip_text("<b>x</b> & y\nz") == "<qt>&lt;b&gt;x&lt;/b&gt; &amp; y<br>z</qt>"
    assert tip_text("") == ""


def test_that_a_run_that_got_no_better_than_its_start_says_so():
    assert "Kept the starting point: no epoch was better (validation NLL 0.750)." in ended(best_epoch=0, kept_nll=0.75)


def test_that_one_is_not_many():
    assert rows_text(1) == "1 row"
    assert remarks_text(1) == "1 remark on the data"
    assert remarks_text(2) == "2 remarks on the data"
    one = TrainingHistory((1.0,), (1.1,), 1, StopReason.STOPPED, 1.0)
    model = made_model(selection().dataset, history=one)
    assert end_text(model).startswith("Stopped by you after 1 epoch. ")
    assert end_text(replace(model, history=replace(one, stop_reason=StopReason.COMPLETED))).startswith(
        "Finished the only epoch. "
    )


def test_that_many_rows_left_out_for_one_reason_are_grouped():
    assert left_out_tip(selection(LeftOut("r", tuple(range(1, 1235))))).startswith("1,234: r (rows 1, 2, ")
