"""Where the steps are computed, and how many threads TensorFlow needs for it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import tensorflow as tf

from mdn_gui.core.config import TrainingConfig
from mdn_gui.errors import TrainingError
from mdn_gui.training.device import device_name, executor
from mdn_gui.training.fit import fit_model
from mdn_gui.training.mdn import Architecture
from tests.training.runs import SMALL, cardioid

ROOT = Path(__file__).resolve().parents[2]
TINY, LARGE = Architecture(1, (8,), 2, "tanh"), Architecture(8, (1024, 1024), 64, "tanh")

HOST = """
import tensorflow as tf
tf.config.threading.set_inter_op_parallelism_threads(1)
tf.config.threading.set_intra_op_parallelism_threads(1)
tf.constant(1.0) + 1.0
from mdn_gui.training.device import executor
from mdn_gui.training.fit import fit_model
from tests.training.runs import SHORT, SMALL, cardioid
assert executor() == "", executor()
print(fit_model(cardioid(), SMALL, SHORT).history.epochs)
"""


@pytest.fixture
def gpu(monkeypatch):
    """Let TensorFlow list a GPU, or none."""

    def listed(*names):
        monkeypatch.setattr(tf.config, "list_physical_devices", lambda _kind: list(names))

    return listed


def test_that_a_gpu_is_refused_where_there_is_none_with_the_remedy(gpu):
    gpu()
    with pytest.raises(TrainingError, match="no GPU") as caught:
        device_name("GPU", TINY, 32)
    assert "automatic or CPU" in caught.value.hint
    with pytest.raises(TrainingError, match="no GPU"):
        fit_model(cardioid(), SMALL, TrainingConfig(epochs=1, device="GPU"))


def test_that_automatic_takes_a_gpu_for_large_steps_only(gpu):
    gpu("a GPU")
    assert device_name("automatic", LARGE, 4096) == "/GPU:0"
    assert device_name("automatic", TINY, 4096) == "/CPU:0"
    assert device_name("automatic", LARGE, 32) == "/CPU:0"


def test_that_automatic_takes_the_cpu_where_there_is_no_gpu(gpu):
    gpu()
    assert device_name("automatic", LARGE, 4096) == "/CPU:0"


def test_that_the_device_set_is_taken(gpu):
    gpu("a GPU")
    assert device_name("GPU", TINY, 32) == "/GPU:0"
    assert device_name("CPU", LARGE, 4096) == "/CPU:0"


def test_that_the_tests_run_on_the_executor_of_the_product():
    assert executor() == "SINGLE_THREADED_EXECUTOR"
    assert tf.config.threading.get_inter_op_parallelism_threads() >= 16


def test_that_a_run_in_a_host_with_few_threads_of_its_own_does_not_wait_for_ever():
    result = subprocess.run(
        [sys.executable, "-c", HOST],
        cwd=ROOT,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert result.stdout.strip() == "12", result.stderr
