"""How a run ended, in words."""

from dataclasses import replace
from typing import Any

import pytest

from mdn_gui.core.endings import ending_text
from mdn_gui.core.metrics import StopReason
from mdn_gui.core.network import averaged
from tests.files.models import HISTORY, random_model

BASIC = replace(HISTORY, best_epoch=2, stop_reason=StopReason.COMPLETED, rollbacks=0, kept_nll=None)


def ended(**changes: Any) -> str:
    return ending_text(random_model(history=replace(BASIC, **changes)))


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (StopReason.COMPLETED, "the last epoch was reached"),
        (StopReason.PATIENCE, "no better epoch followed"),
        (StopReason.STOPPED, "stopped early"),
        (StopReason.DIVERGED, "it diverged, even after the rate was halved again and again: give a smaller --learning"),
    ],
)
def test_that_every_reason_has_its_words(reason: StopReason, words: str) -> None:
    text = ended(stop_reason=reason)
    assert text.startswith(f"best epoch 2 of {BASIC.epochs} ({words}")
    assert text.endswith(f"): validation NLL {BASIC.best_nll:.4g} nats a row")


@pytest.mark.parametrize(("count", "word"), [(1, "once"), (2, "twice"), (5, "5 times")])
def test_that_rollbacks_are_told(count: int, word: str) -> None:
    assert f"reached; the rate was halved {word} after unstable steps): " in ended(rollbacks=count)
    assert word not in ended(rollbacks=count, stop_reason=StopReason.DIVERGED)


def test_that_an_average_is_told_with_the_size_of_its_mixture() -> None:
    model = random_model(history=replace(BASIC, kept_nll=-0.5))
    model = replace(model, network=averaged((model.network,) * 3, (0.5, 0.25, 0.25)))
    start = f"average of 3 networks, {3 * 3} components, after {BASIC.epochs} epochs (the last"
    assert ending_text(model).startswith(start)
    assert "validation NLL -0.5 nats" in ending_text(model)


def test_that_a_fit_that_learned_from_the_joint_mixture_says_so() -> None:
    start = "learned from the joint Gaussian mixture: with so few rows it is as good on the held-out rows; "
    assert ended(distilled=True, kept_nll=0.25).startswith(start)


def test_that_a_run_without_epochs_and_a_snapshot_have_their_own_words() -> None:
    nothing: dict[str, Any] = {"train_nll": (), "validation_nll": (), "best_epoch": 0}
    assert ended(**nothing, stop_reason=StopReason.STOPPED) == (
        "the model is the starting point, no epoch was finished (stopped early)"
    )
    assert ending_text(replace(random_model(), history=None)) == ""


def test_that_without_held_out_rows_the_training_counts() -> None:
    assert "): training NLL " in ended(validation_nll=())


def test_that_a_run_that_got_no_better_than_its_start_says_so():
    assert ended(best_epoch=0, kept_nll=0.75).startswith("the starting point, since none of ")
