"""Is the ``tfp-example`` preset the published recipe? Both side by side on the cardioid, with the default preset.

    python -m tests.benchmarks.recipe_parity [--seeds 8] [--default-seeds 5] [--json FILE]

The recipe is a Keras 2 ``Sequential`` with ``tfp.layers.MixtureNormal``: 12 ReLU units, 5 components, Adam at 0.02,
20 epochs of 20 batches of 100, n = 2000. The import of TensorFlow is not timed; the first fit of each kind is cold: it
holds tracing and compilation.
"""

import dataclasses
import time

import numpy as np
import tensorflow_probability as tfp
import tf_keras
from scipy.stats import mannwhitneyu

from mdn_gui.core.config import preset
from mdn_gui.core.dataset import Dataset
from mdn_gui.training.fit import fit_model
from tests.benchmarks import reports
from tests.laws import Cardioid, excess

LAW = Cardioid()
NUM_ROWS, BATCH, EPOCHS, NUM_COMPONENTS = 2000, 100, 20, 5
MORE_EPOCHS = 200


class PublishedRecipe:
    """The recipe as people copy it; ``conditional`` reads it through TensorFlow Probability."""

    def __init__(self, x, y, seed, epochs=EPOCHS):
        tf_keras.utils.set_random_seed(seed)
        mixture_normal = tfp.layers.MixtureNormal
        self.network = tf_keras.Sequential(
            [
                tf_keras.layers.Dense(12, activation="relu"),
                tf_keras.layers.Dense(mixture_normal.params_size(NUM_COMPONENTS, [1])),
                mixture_normal(NUM_COMPONENTS, [1]),
            ]
        )
        self.network.compile(tf_keras.optimizers.Adam(0.02), loss=lambda target, p: -p.log_prob(target))
        rows = (x[:, np.newaxis].astype("float32"), y[:, np.newaxis].astype("float32"))
        self.network.fit(*rows, batch_size=BATCH, epochs=epochs, steps_per_epoch=len(x) // BATCH, verbose=0)

    def conditional(self, x):
        return _Density(self.network(x.astype("float32")))


class _Density:
    def __init__(self, distribution):
        self.distribution = distribution

    def log_pdf(self, y):
        return self.distribution.log_prob(y[:, np.newaxis].astype("float32")).numpy()


def fitted_preset(name, x, y, seed, epochs=None):
    """Fit one of the presets of the program."""
    model_config, training_config = preset(name)
    training_config = dataclasses.replace(training_config, seed=seed, epochs=epochs or training_config.epochs)
    return fit_model(Dataset(x[:, np.newaxis], y, ("x",), "y"), model_config, training_config)


def timed(make, seed, **options):
    """Return (excess, seconds of the fit)."""
    x, y = LAW.sample(NUM_ROWS, np.random.default_rng(seed))
    begin = time.perf_counter()
    model = make(x, y, seed, **options)
    seconds = time.perf_counter() - begin
    return excess(LAW, model), seconds


def microseconds_a_step(make):
    """Return the cost of one warm step: many epochs less few epochs, so that the set-up cancels."""
    _, few = timed(make, 0, epochs=EPOCHS)
    _, many = timed(make, 0, epochs=MORE_EPOCHS)
    return (many - few) / ((MORE_EPOCHS - EPOCHS) * NUM_ROWS // BATCH) * 1e6


def summary(pairs):
    """Return what is reported of fits: the sample of excesses, its mean and range, the time of cold and warm fits."""
    sample, seconds = zip(*pairs, strict=True)
    return {
        "excess": [round(value, 4) for value in sample],
        "mean": round(float(np.mean(sample)), 4),
        "range": [round(min(sample), 4), round(max(sample), 4)],
        "cold_fit_s": round(seconds[0], 3),
        "warm_fit_s": round(float(np.median(seconds[1:])), 3),
    }


def measured(seeds, default_seeds):
    """Return the whole result.

    The fits of one kind follow each other: seeding Keras empties TensorFlow's caches, which a preset between two
    recipes would pay for.
    """

    def tfp_example(x, y, seed, epochs=None):
        return fitted_preset("tfp-example", x, y, seed, epochs)

    def default(x, y, seed):
        return fitted_preset("default", x, y, seed)

    ours, published = (summary([timed(make, seed) for seed in range(seeds)]) for make in (tfp_example, PublishedRecipe))
    test = mannwhitneyu(ours["excess"], published["excess"], alternative="two-sided", method="exact")
    return {
        "tfp-example": ours | {"warm_us_per_step": round(microseconds_a_step(tfp_example), 1)},
        "published recipe": published | {"warm_us_per_step": round(microseconds_a_step(PublishedRecipe), 1)},
        "default": summary([timed(default, seed) for seed in range(default_seeds)]),
        "mann_whitney_p": round(float(test.pvalue), 3),
    }


def table(result):
    """Return the result as lines for people."""
    rows = {
        name: {
            "mean": row["mean"],
            "range": "{} to {}".format(*row["range"]),
            "cold fit, s": row["cold_fit_s"],
            "warm fit, s": row["warm_fit_s"],
            "step, us": row.get("warm_us_per_step"),
        }
        for name, row in result.items()
        if isinstance(row, dict)
    }
    test = f"tfp-example against the recipe, Mann-Whitney, two-sided, exact: p = {result['mann_whitney_p']}"
    return f"{reports.table('excess NLL, nats', rows)}\n{test}"


def main():
    parser = reports.parser(__doc__)
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--default-seeds", type=int, default=5)
    options = parser.parse_args()
    result = measured(options.seeds, options.default_seeds)
    print(table(result))
    reports.keep(result, options.json)


if __name__ == "__main__":
    main()
