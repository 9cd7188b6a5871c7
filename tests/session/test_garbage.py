import gc
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject

from mdn_gui.session.garbage import GarbageCollector


class Knot:
    """Garbage that only the collector can free."""

    def __init__(self) -> None:
        self.me = self


@pytest.fixture
def collector(qapp) -> Iterator[GarbageCollector]:
    gc.collect()
    owner = QObject()
    made = GarbageCollector(owner)
    yield made
    made.stop()
    owner.deleteLater()
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def test_that_python_does_not_collect_by_itself_meanwhile(collector):
    knot = weakref.ref(Knot())
    held = [[] for _ in range(50_000)]
    assert knot() is not None
    assert len(held) == 50_000
    assert not gc.isenabled()


def test_that_garbage_past_the_threshold_is_collected_on_demand(collector):
    knot = weakref.ref(Knot())
    held = [[] for _ in range(gc.get_threshold()[0] + 5_000)]
    collector.collect()
    assert knot() is None
    assert held


def test_that_little_garbage_is_left_for_later(collector):
    gc.collect()
    knot = weakref.ref(Knot())
    collector.collect()
    assert knot() is not None


def test_that_the_timer_collects(collector, qtbot):
    knot = weakref.ref(Knot())
    held = [[] for _ in range(gc.get_threshold()[0] + 5_000)]
    qtbot.waitUntil(lambda: knot() is None)
    assert held


def test_that_frozen_objects_are_exempt(collector):
    knot = weakref.ref(Knot())
    collector.freeze()
    gc.collect()
    assert knot() is not None
    gc.unfreeze()
    gc.collect()
    assert knot() is None


def test_that_collection_is_given_back_at_the_end(collector):
    collector.stop()
    assert gc.isenabled()
    assert not collector._timer.isActive()
