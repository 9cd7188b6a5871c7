"""The special functions of the mixtures, loaded from SciPy when first called: that takes longer than a window."""

from typing import Any

from mdn_gui.core.dataset import FloatArray


def ndtr(z: FloatArray) -> FloatArray:
    """Return the standard normal cdf at ``z``."""
    value: FloatArray = load().ndtr(z)
    return value


def log_ndtr(z: FloatArray) -> FloatArray:
    """Return the logarithm of the standard normal cdf at ``z``."""
    value: FloatArray = load().log_ndtr(z)
    return value


def ndtri(q: Any) -> Any:
    """Return the standard normal quantile of ``q``."""
    return load().ndtri(q)


def erf(z: FloatArray) -> FloatArray:
    """Return the error function at ``z``."""
    value: FloatArray = load().erf(z)
    return value


def log_softmax(logits: FloatArray, axis: int) -> FloatArray:
    """Return the logarithm of the weights that ``logits`` stand for."""
    value: FloatArray = load().log_softmax(logits, axis=axis)
    return value


def load() -> Any:
    """Return SciPy's module, loading it where that has not happened."""
    import scipy.special

    return scipy.special
