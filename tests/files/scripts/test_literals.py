"""What is written as Python source is read back as the same value."""

import ast
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdn_gui.files.scripts.literals import array_literal, literal, text_literal

ANY_TEXT = st.text(st.characters(exclude_categories=()))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANY_TEXT, inner, max_size=4),
    max_leaves=15,
)


@given(VALUES)
def test_that_a_literal_gives_the_value_back(value: Any) -> None:
    assert ast.literal_eval(literal(value)) == value


@given(ANY_TEXT)
def test_that_a_text_stays_on_one_line_of_printable_characters(text: str) -> None:
    assert text_literal(text).isprintable()


def test_that_infinity_is_written() -> None:
    assert eval(literal([float("inf"), -np.inf])) == [np.inf, -np.inf]


def test_that_an_unknown_kind_of_value_is_refused() -> None:
    with pytest.raises(TypeError):
        literal({"a": object()})


@pytest.mark.parametrize("shape", [(3,), (2, 5), (40, 30)])
def test_that_an_array_keeps_its_bits(shape: tuple[int, ...]) -> None:
    array = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    found = ast.parse(array_literal(array)).body[0]
    assert isinstance(found, ast.Expr)
    assert isinstance(found.value, ast.Call)
    wanted, text = (ast.literal_eval(argument) for argument in found.value.args)
    import base64

    assert np.array_equal(np.frombuffer(base64.b64decode(text), "<f4").reshape(wanted), array)
