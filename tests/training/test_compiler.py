"""Steps that XLA compiles, and the switch to them in a long run."""

import numpy as np
import pytest
import tensorflow as tf

from mdn_gui.training import compiler
from mdn_gui.training.compiler import Compiler
from mdn_gui.training.loop import planned
from tests.training.chunks import a_schedule, assert_same_bits, chunk_of, of_kind, some_rows, start

KIND = of_kind(noisy=True, averaged=True, decayed=True)


@pytest.fixture
def switches(monkeypatch):
    """Let runs of 20 steps or more switch at their twelfth; return the chunks as they are asked for."""
    asked, chunk = [], compiler.compiled_chunk

    def recorded(kind, *, xla):
        asked.append(xla)
        return chunk(kind, xla=xla)

    monkeypatch.setattr(compiler, "_XLA_FROM_STEP", 12)
    monkeypatch.setattr(compiler, "_XLA_PAYS_FROM", 20)
    monkeypatch.setattr(compiler, "compiled_chunk", recorded)
    return asked


def advanced_by_compiler(rows, steps_a_chunk, *, planned_steps):
    """Return the state after 30 steps in chunks of a given size."""
    schedule, compiled = a_schedule(), Compiler(KIND, "/CPU:0", planned_steps)
    state = planned(KIND, start(KIND), rows, schedule)
    while (left := 30 - int(state.learning.step)) > 0:
        state = compiled.advance(state, rows, schedule, min(steps_a_chunk, left)).state
    return state


def test_that_xla_takes_the_same_steps_but_for_rounding():
    graph, xla = (chunk_of(start(KIND), some_rows(), a_schedule(), 50, kind=KIND, xla=xla) for xla in (False, True))
    assert int(xla.recorded) == 10
    np.testing.assert_array_equal(xla.state.plan.order, graph.state.plan.order)
    np.testing.assert_allclose(xla.record, graph.record, atol=1e-4)
    np.testing.assert_allclose(xla.state.learning.parameters, graph.state.learning.parameters, atol=1e-4)
    assert float(tf.reduce_max(graph.record[:10, 1]) - tf.reduce_min(graph.record[:10, 1])) > 0.1


def test_that_xla_gives_the_same_bits_in_any_chunks():
    rows, schedule = some_rows(noise=0.1), a_schedule()
    whole = chunk_of(start(KIND), rows, schedule, 30, kind=KIND, xla=True).state
    for steps_a_chunk in (7, 30):
        state = start(KIND)
        while (left := 30 - int(state.learning.step)) > 0:
            state = chunk_of(state, rows, schedule, min(steps_a_chunk, left), kind=KIND, xla=True).state
        assert_same_bits(state, whole)


def test_that_a_long_run_switches_at_the_same_step_whatever_its_chunks(switches):
    rows, schedule = some_rows(noise=0.1), a_schedule()
    graph = chunk_of(start(KIND), rows, schedule, 12, kind=KIND).state
    expected = chunk_of(graph, rows, schedule, 18, kind=KIND, xla=True).state
    for steps_a_chunk in (1, 5, 100, 5):
        assert_same_bits(advanced_by_compiler(rows, steps_a_chunk, planned_steps=20), expected)
    assert any(switches)


def test_that_a_short_run_never_compiles(switches):
    rows = some_rows(noise=0.1)
    state = advanced_by_compiler(rows, 7, planned_steps=19)
    assert_same_bits(state, chunk_of(start(KIND), rows, a_schedule(), 30, kind=KIND).state)
    assert not any(switches)


def test_that_a_long_run_compiles_before_it_switches(switches):
    rows, schedule = some_rows(), a_schedule()
    compiled = Compiler(KIND, "/CPU:0", 20)
    state = compiled.advance(planned(KIND, start(KIND), rows, schedule), rows, schedule, 5).state
    state = compiled.advance(state, rows, schedule, 100).state
    assert int(state.learning.step) == 12
    compiled.advance(state, rows, schedule, 5)
    assert sorted(switches) == [False, False, True, True]
    assert switches[-1]
