"""A run that cannot fit is refused before it begins."""

import dataclasses

import psutil
import pytest

from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.errors import TrainingError
from mdn_gui.training.fit import fit, fit_model
from mdn_gui.training.mdn import Architecture
from mdn_gui.training.memory import check_memory, needed_bytes
from mdn_gui.training.state import StepKind
from tests.training.runs import SHORT, SMALL, cardioid

KIND = StepKind(Architecture(2, (64, 64), 8, "tanh"), 2, 256)


def of_network(**changed):
    return dataclasses.replace(KIND, architecture=dataclasses.replace(KIND.architecture, **changed))


@pytest.fixture
def free(monkeypatch):
    """Let so many bytes be free."""

    def bytes_are_free(count):
        memory = psutil.virtual_memory()._replace(available=count)
        monkeypatch.setattr(psutil, "virtual_memory", lambda: memory)

    return bytes_are_free


@pytest.mark.parametrize(
    "larger",
    [
        dataclasses.replace(KIND, restarts=8),
        dataclasses.replace(KIND, batch_size=100_000),
        of_network(num_inputs=500),
        of_network(hidden_layers=(1024, 1024)),
        of_network(num_components=64),
    ],
    ids=["restarts", "batch", "inputs", "units", "components"],
)
def test_that_the_estimate_grows_with_the_parts_of_a_step(larger):
    assert needed_bytes(larger, 2000, 300) > needed_bytes(KIND, 2000, 300)


def test_that_the_estimate_grows_with_the_rows():
    assert needed_bytes(KIND, 10**8, 300) > 3 * 4 * 10**8
    assert needed_bytes(KIND, 2000, 20_000) > needed_bytes(KIND, 2000, 300)


def test_that_the_estimate_covers_the_weights_and_the_values_of_a_step():
    kind = dataclasses.replace(of_network(hidden_layers=(1024, 1024)), restarts=4, batch_size=4096)
    weights = 4 * 4 * kind.architecture.num_parameters
    values = 4 * 4 * 4096 * 2048
    assert needed_bytes(kind, 5000, 0) > 5 * weights + 2 * values


def test_that_a_run_that_cannot_fit_is_refused_with_both_numbers_and_a_remedy(free):
    free(5_000_000)
    with pytest.raises(TrainingError, match=r"needs about \d+ MB of memory; 5 MB are free") as caught:
        next(fit(cardioid(), SMALL, SHORT))
    assert "smaller batch" in caught.value.hint


def test_that_large_numbers_are_told_in_gigabytes(free):
    free(8_000_000_000)
    config = ModelConfig(hidden_layers=(1024,) * 8, num_components=64)
    training = TrainingConfig(batch_size=1_000_000, restarts=32, epochs=1)
    with pytest.raises(TrainingError, match=r"needs about [\d,]+\.\d GB of memory; 8\.0 GB are free"):
        next(fit(cardioid(20_000), config, training))


def test_that_a_run_that_fits_is_let_through(free):
    free(needed_bytes(KIND, 200, 30))
    check_memory(cardioid(), KIND, 30)
    free(10**9)
    assert fit_model(cardioid(), SMALL, SHORT).history.epochs == 12
