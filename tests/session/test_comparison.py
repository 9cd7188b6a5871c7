import pytest

from mdn_gui.core.fitted import FittedModel
from mdn_gui.session.comparison import MOST_FITS, Comparison
from mdn_gui.session.messages import RunState
from mdn_gui.session.session import Session
from tests.session.conftest import Ears
from tests.ui.stage import made_table


@pytest.fixture
def fitted(session: Session, qtbot) -> Session:
    session.open_table(made_table())
    session.start_training()
    qtbot.waitUntil(lambda: session.state is RunState.FITTED)
    return session


@pytest.fixture
def runs(fitted) -> tuple[Comparison, FittedModel, object]:
    return Comparison(), fitted.model, fitted.dataset


def test_that_the_first_fit_has_none_to_be_compared_with(runs):
    comparison, model, dataset = runs
    comparison.take(model)
    assert comparison.other_than(model, dataset) is None


def test_that_a_fit_is_compared_with_the_one_before_it(runs, qtbot, fitted):
    comparison, first, dataset = runs
    fitted.train_with_new_seed()
    qtbot.waitUntil(lambda: fitted.fitted is not first)
    comparison.take(first)
    comparison.take(fitted.fitted)
    assert comparison.other_than(fitted.fitted, dataset).model is first
    comparison.choose(None)
    assert comparison.other_than(fitted.fitted, dataset) is None
    comparison.choose(2)
    assert comparison.other_than(fitted.fitted, dataset) is None  # with itself
    assert comparison.other_than(first, dataset).number == 2


def test_that_a_fit_of_other_columns_is_not_compared(runs, fitted):
    comparison, model, _ = runs
    comparison.take(model)
    other = made_table().select(["extra"], "response").dataset
    assert not comparison.fits[0].can_read(other)
    comparison.choose(1)
    assert comparison.other_than(None, other) is None


def test_that_so_many_fits_are_kept_and_no_more(runs, hear: Ears):
    comparison, model, _ = runs
    changes = hear(comparison.changed)
    for _ in range(MOST_FITS + 3):
        comparison.take(model)
    comparison.take(None)  # a run that failed
    assert [fit.number for fit in comparison.fits] == list(range(4, MOST_FITS + 4))
    assert len(changes) == MOST_FITS + 3
