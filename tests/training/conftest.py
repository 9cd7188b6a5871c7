"""TensorFlow as a run sets it, before a test module makes its first tensor."""

from mdn_gui.training.device import executor

executor()
