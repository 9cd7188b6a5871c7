"""What is kept of several networks."""

import numpy as np
import pytest

from mdn_gui.core.mixture import ConditionalMixture
from mdn_gui.core.network import Network, NetworkAverage
from mdn_gui.training import choice
from mdn_gui.training.choice import best_average, simplest_nearly_best


def a_normal(loc, scale=1.0):
    """Return a network that gives one normal density at every x."""
    raw_scale = np.log(np.expm1(scale))
    return Network((np.zeros((1, 3)),), (np.array([0.0, loc, raw_scale]),), "tanh")


def rows_of(*targets):
    y = np.concatenate(targets)
    return np.column_stack((np.zeros(len(y)), y))


def drawn(count, loc, scale=1.0, seed=0):
    return np.random.default_rng(seed).normal(loc, scale, count)


def nll(network, rows):
    return -float(np.mean(ConditionalMixture(*network.parameters(rows[:, :-1])).log_pdf(rows[:, -1])))


def test_that_the_shares_of_a_known_average_are_found():
    rows = rows_of(drawn(6000, -3.0), drawn(3000, 0.0), drawn(1000, 3.0))
    average, _ = best_average(rows, (a_normal(-3.0), a_normal(0.0), a_normal(3.0)))
    assert isinstance(average, NetworkAverage)
    assert average.shares == pytest.approx((0.6, 0.3, 0.1), abs=0.02)
    assert sum(average.shares) == pytest.approx(1.0, abs=1e-12)


def test_that_the_nll_is_that_of_the_average_on_the_rows():
    rows = rows_of(drawn(300, -1.0), drawn(200, 1.0))
    average, stated = best_average(rows, (a_normal(-1.0), a_normal(1.0)))
    assert stated == pytest.approx(nll(average, rows), abs=1e-12)


def test_that_the_shares_cannot_be_bettered():
    rows = rows_of(drawn(300, -1.0), drawn(200, 1.0))
    networks = a_normal(-1.0), a_normal(1.0)
    average, stated = best_average(rows, networks)
    for moved in (-0.05, -0.01, 0.01, 0.05):
        shares = average.shares[0] + moved, average.shares[1] - moved
        assert nll(NetworkAverage(networks, shares), rows) > stated


def test_that_an_average_is_no_worse_than_its_best_network():
    rows = rows_of(drawn(100, 0.0), drawn(100, 0.5))
    networks = tuple(a_normal(loc) for loc in (-2.0, 0.0, 0.3, 4.0))
    _, stated = best_average(rows, networks)
    assert stated <= min(nll(network, rows) for network in networks) + 1e-9


def test_that_useless_networks_are_left_out():
    rows = rows_of(drawn(500, 0.0), drawn(500, 2.0))
    good = a_normal(0.0), a_normal(2.0)
    average, _ = best_average(rows, (good[0], a_normal(50.0), good[1], a_normal(-9.0, 0.1)))
    assert average.members == good


def test_that_one_useful_network_is_kept_alone():
    rows = rows_of(drawn(500, 0.0))
    network, stated = best_average(rows, (a_normal(8.0), a_normal(0.0)))
    assert isinstance(network, Network)
    assert stated == pytest.approx(nll(network, rows))


def test_that_without_rows_all_shares_are_equal_and_no_nll_is_stated():
    average, stated = best_average(np.empty((0, 2)), tuple(a_normal(loc) for loc in range(4)))
    assert average.shares == (0.25,) * 4
    assert np.isnan(stated)


def test_that_rows_that_no_network_can_explain_leave_usable_shares():
    rows = rows_of(drawn(50, 0.0), np.array([1e200]))
    network, _ = best_average(rows, (a_normal(0.0), a_normal(0.5)))
    assert np.isfinite(network.shares).all()
    assert sum(network.shares) == pytest.approx(1.0)


def within_errors(count):
    """Return rows on which the second network is worse than the first by so many standard errors, and both."""
    y = drawn(400, 0.0)
    lead = -0.5 * y**2 + 0.5 * (y - 0.4) ** 2
    shift = (count * lead.std() / 20.0 - lead.mean()) / -0.4
    return rows_of(y + shift), (a_normal(0.0), a_normal(0.4))


@pytest.mark.parametrize(("errors", "kept"), [(0.9, 1), (-3.0, 1), (1.1, 0), (5.0, 0)])
def test_that_a_simpler_network_is_kept_where_it_is_worse_by_no_more_than_is_tolerated(errors, kept):
    rows, networks = within_errors(errors * choice._TOLERATED)
    found, stated = simplest_nearly_best(rows, networks, (1, 0))
    assert found == kept
    assert stated == pytest.approx(nll(networks[found], rows))


@pytest.mark.parametrize("errors", [-5.0, -0.5])
def test_that_the_best_network_is_kept_where_it_is_the_simplest(errors):
    rows, networks = within_errors(errors * choice._TOLERATED)
    assert simplest_nearly_best(rows, networks, (1, 0))[0] == 1


def test_that_a_simpler_network_is_held_against_the_best_of_all():
    rows, (good, worse) = within_errors(10.0)
    assert simplest_nearly_best(rows, (a_normal(9.0), worse), (1, 0))[0] == 1
    assert simplest_nearly_best(rows, (a_normal(9.0), good, a_normal(-9.0), worse), (3, 0, 2, 1))[0] == 1


def test_that_of_several_that_are_nearly_as_good_the_simplest_is_kept():
    rows, (good, worse) = within_errors(0.5 * choice._TOLERATED)
    assert simplest_nearly_best(rows, (good, worse, worse), (2, 1, 0))[0] == 2
    assert simplest_nearly_best(rows, (good, worse, worse), (1, 2, 0))[0] == 1
