"""The calibration of default fits on the cardioid, of the exact law, of the exact law with faults.

    python -m tests.benchmarks.calibration [--seeds 3] [--rows 2000] [--json FILE]

Each fit is judged on the rows that its run held out, then on as many rows again as it had, drawn anew. The exact law,
a mixture of 80 points of the curve, is judged on those too: whole; with every sd times 0.7; higher by 0.3 of its sds;
with the weights of high and low points exchanged. ``off`` counts the masses 5, 10, ... 95 % whose coverage is more
than two standard errors from nominal, of 19: about one is to be expected, and those of one seed depend on each other.
"""

import dataclasses
import os
import time

import numpy as np

from mdn_gui.core.calibration import MASS, MASSES, Calibration, Judge, JudgingRows, calibrate, judging_rows, rivals_of
from mdn_gui.core.config import preset
from mdn_gui.core.dataset import Dataset
from mdn_gui.core.encoding import Encoding
from mdn_gui.ui.calibration.texts import calibration_text
from tests.benchmarks import reports
from tests.core.test_calibration_on_the_cardioid import ExactCardioid, no_fault, shifted, swapped, too_narrow
from tests.laws import Cardioid

FAULTS = {"exact": no_fault, "sd x 0.7": too_narrow, "0.3 sd higher": shifted, "weights exchanged": swapped}


def rows_of(count: int, seed: int) -> JudgingRows:
    x, y = Cardioid().sample(count, np.random.default_rng(seed))
    return JudgingRows(Judge.TEST, x[:, np.newaxis], y, (Encoding("x"),))


def shown(found: Calibration, seconds: float) -> dict[str, object]:
    def off(of: object) -> int:
        estimates = [(of(mass), mass) for mass in MASSES]
        return sum(abs(each.value - mass) > 2.0 * each.standard_error for each, mass in estimates)

    central, region = found.central(MASS), found.regions(MASS)
    row: dict[str, object] = {
        "rows": found.num_rows,
        "PIT p": found.uniformity.p_value,
        "90 % interval": f"{central.value:.3f} ± {central.standard_error:.3f}",
        "90 % region": f"{region.value:.3f} ± {region.standard_error:.3f}",
        "off": f"{off(found.central)}, {off(found.regions)}",
    }
    for rival, each in found.rivals.items():
        row[rival.value] = f"{each.nll_gain.value:.3f} ± {each.nll_gain.standard_error:.3f}"
    return row | {"s": seconds, "said": calibration_text(found, 0)}


def main() -> None:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    parser = reports.parser(__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--rows", type=int, default=2000)
    options = parser.parse_args()
    from mdn_gui.training.fit import fit_model

    rows: dict[str, dict[str, object]] = {}
    model_config, training_config = preset("default")
    for seed in range(options.seeds):
        fresh = rows_of(options.rows, 10_000 + seed)
        learned = rows_of(options.rows, seed)
        dataset = Dataset(learned.x, learned.y, ("x",), "y", "cardioid")
        model = fit_model(dataset, model_config, dataclasses.replace(training_config, seed=seed))
        rivals = rivals_of(model, dataset)
        judges = {"held out": judging_rows(model, dataset, None), "fresh rows": fresh}
        cases = {f"fit, {name}": (model, judge, rivals) for name, judge in judges.items()}
        cases |= {f"law, {name}": (ExactCardioid(fault), fresh, {}) for name, fault in FAULTS.items()}
        for name, case in cases.items():
            begin = time.perf_counter()
            rows[f"{name}, seed {seed}"] = shown(calibrate(*case, seed), time.perf_counter() - begin)
    print(
        reports.table("cardioid", {name: {k: v for k, v in row.items() if k != "said"} for name, row in rows.items()})
    )
    for name, row in rows.items():
        print(f"{name}: {row['said']}")
    reports.keep(rows, options.json)


if __name__ == "__main__":
    main()
