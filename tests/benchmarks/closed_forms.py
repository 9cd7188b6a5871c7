"""Closed forms of 1,000 random mixtures against quadrature, against a million samples of each.

    python -m tests.benchmarks.closed_forms [--mixtures 1000] [--samples 1000000] [--json FILE]

The greatest error of each quantity; of samples the greatest error in standard errors, where 1,000 draws of a standard
normal reach about 3.3.
"""

import numpy as np

from mdn_gui.core.mixture import ConditionalMixture
from tests.benchmarks.reports import keep, parser, table
from tests.quadrature import Law, random_laws

_LEVELS = np.array([0.001, 0.05, 0.5, 0.95, 0.999])


def errors_of(law: Law, mixture: ConditionalMixture, rng: np.random.Generator) -> dict[str, float]:
    """Return the error of each quantity of one mixture, by quadrature."""
    mean, variance, skewness = law.moments()
    sd = float(np.sqrt(variance))
    at = float(rng.choice(law.locs) + rng.normal(0.0, sd))
    region = mixture.hdr(0.9)[0]
    modes, expected = mixture.modes()[0], law.modes()
    return {
        "mass": abs(law.integral(lambda y: mixture.pdf(y[np.newaxis])[0]) - 1.0),
        "mean, in sds": abs(float(mixture.mean()[0]) - mean) / sd,
        "variance, relative": abs(float(mixture.variance()[0]) / variance - 1.0),
        "skewness": abs(float(mixture.skewness()[0]) - skewness),
        "cdf of the quantile": float(np.abs(law.cdf(mixture.quantile(_LEVELS)[0]) - _LEVELS).max()),
        "mass of the 90 % region": abs(float(np.diff(law.cdf(region.ravel()))[::2].sum()) - 0.9),
        "CRPS, in sds": abs(float(mixture.crps(at)[0]) - law.crps(at)) / sd,
        "modes missed": abs(len(modes) - len(expected)),
    }


def sampling_errors_of(law: Law, mixture: ConditionalMixture, rng: np.random.Generator, count: int) -> dict[str, float]:
    """Return the error of each quantity of one mixture by samples, in standard errors."""
    chosen = rng.choice(len(law.weights), count, p=law.weights)
    draws = law.locs[chosen] + law.scales[chosen] * rng.standard_normal(count)
    standard, root = (draws - float(mixture.mean()[0])) / float(mixture.sd()[0]), np.sqrt(count)
    below = np.array([(draws <= y).mean() for y in mixture.quantile(_LEVELS)[0]])
    squares = standard**2
    inside = np.zeros(count, dtype=bool)
    for low, high in mixture.hdr(0.9)[0]:
        inside |= (draws >= low) & (draws <= high)
    return {
        "mean": abs(float(standard.mean())) * root,
        "variance": abs(float(squares.mean()) - 1.0) / float(squares.std()) * root,
        "cdf of the quantile": float((np.abs(below - _LEVELS) / np.sqrt(_LEVELS * (1 - _LEVELS))).max()) * root,
        "mass of the 90 % region": abs(float(inside.mean()) - 0.9) / 0.3 * root,
    }


def worst(errors: list[dict[str, float]]) -> dict[str, dict[str, object]]:
    """Return the greatest error of each quantity as rows of a table."""
    return {name: {"greatest error": max(float(each[name]) for each in errors)} for name in errors[0]}


def main() -> None:
    """Measure, print, keep."""
    arguments = parser(__doc__)
    arguments.add_argument("--mixtures", type=int, default=1000)
    arguments.add_argument("--samples", type=int, default=1_000_000)
    asked = arguments.parse_args()
    rng, exact, sampled = np.random.default_rng(7), [], []
    for law in random_laws(asked.mixtures):
        mixture = ConditionalMixture([law.weights], [law.locs], [law.scales])
        exact.append(errors_of(law, mixture, rng))
        sampled.append(sampling_errors_of(law, mixture, rng, asked.samples))
    print(table("against quadrature", worst(exact)), end="\n\n")
    print(table("against samples, in standard errors", worst(sampled)))
    keep({"quadrature": worst(exact), "samples": worst(sampled)}, asked.json)


if __name__ == "__main__":
    main()
