"""What is written to standard output."""

import json
import math

import pytest

from mdn_gui.cli.output import as_json, put_json


def test_that_numbers_are_exact_and_others_have_their_words(capsys: pytest.CaptureFixture[str]) -> None:
    values = {
        "third": 1 / 3,
        "large": 1e300,
        "none": math.nan,
        "ends": (math.inf, -math.inf),
        "text": 'ü"\n',
        "no": None,
    }
    put_json(values)
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    assert json.loads(out) == {
        **{"third": 1 / 3, "large": 1e300, "none": None},
        **{"ends": ["inf", "-inf"], "text": 'ü"\n', "no": None},
    }


def test_that_truth_and_whole_numbers_stay_what_they_are() -> None:
    assert as_json({"is": True, "count": 2, "names": ["a"]}) == {"is": True, "count": 2, "names": ["a"]}
