"""How a run ended, in one plain sentence for the command line."""

from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.metrics import StopReason, TrainingHistory

_REASONS = {
    StopReason.COMPLETED: "the last epoch was reached",
    StopReason.PATIENCE: "no better epoch followed",
    StopReason.STOPPED: "stopped early",
    StopReason.INTERRUPTED: "the program ended before the run did",
    StopReason.DIVERGED: "it diverged, even after the rate was halved again and again: give a smaller --learning-rate",
}


def ending_text(model: FittedModel) -> str:
    """Return what a run has kept, why it ended, how good it is; "" for a snapshot of a run that goes on."""
    history = model.history
    if history is None:
        return ""
    reason = _REASONS[history.stop_reason]
    if history.rollbacks and history.stop_reason is not StopReason.DIVERGED:
        reason += f"; the rate was halved {_times(history.rollbacks)} after unstable steps"
    if not history.epochs:
        return f"the model is the starting point, no epoch was finished ({reason})"
    judged = "validation" if history.validation_nll else "training"
    return f"{_kept(model, history)} ({reason}): {judged} NLL {history.best_nll:.4g} nats a row"


def _kept(model: FittedModel, history: TrainingHistory) -> str:
    members = len(model.network.members)
    if members > 1:
        return f"average of {members} networks, {model.num_components} components, after {_epochs(history)}"
    if history.distilled:
        return (
            "learned from the joint Gaussian mixture: with so few rows it is as good on the held-out rows; "
            f"{_epochs(history)}"
        )
    if history.best_epoch == 0:
        return f"the starting point, since none of {_epochs(history)} was better"
    return f"best epoch {history.best_epoch} of {history.epochs}"


def _epochs(history: TrainingHistory) -> str:
    return "1 epoch" if history.epochs == 1 else f"{history.epochs} epochs"


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")
