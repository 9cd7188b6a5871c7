"""The search for components that networks could do without, one after another."""

import heapq
from collections.abc import Sequence

import numpy as np

from mdn_gui.core.dataset import FloatArray
from mdn_gui.core.network import Network

MOST_LOST = 5e-3
"""By what all steps together may change the mean log density at most, nats a row."""
MOST_LOST_AT_ONCE = 1e-3
"""By what one step may change it at most, nats a row."""
_NEIGHBOURS, _ROWS_COMPARED = 4, 200
"""A component may be joined with so many others; how near they are is looked up at so many rows."""
_LIGHT = 1e-3
_DECIMALS = 9
"""Of losses that are compared: joining equal components comes before leaving one out, whatever the rounding."""
_LEAST = 1e-300
_LEAST_ABOVE_FLOOR = 1e-12

_Group = tuple[int, ...]
"""Components joined to one, the heaviest first."""
_Step = tuple[_Group, ...]
"""A group to leave out, or two to join, the heavier first."""
_Part = tuple[FloatArray, FloatArray]
"""Of a group its weight, not divided by the sum, its part in the density, each [N]."""


class ThinnedNetwork:
    """A network at N rows, some of its components left out or joined.

    Where components are joined their outputs are averaged in the ratio of their mean weights, which the last layer can
    do exactly.

    Parameters
    ----------
    network : Network
        The network, K components.
    x : array [N, D]
        Inputs, scaled.
    y : array [N]
        Transformed targets, scaled.
    share : float
        Of its density in the average of networks.
    """

    def __init__(self, network: Network, x: FloatArray, y: FloatArray, share: float) -> None:
        weights, self._locs, scales = network.parameters(x)
        self._y, self._floor, self._ceiling, self._share = y, network.scale_floor, network.scale_ceiling, share
        self._log_weights = np.log(np.maximum(weights, _LEAST))
        above = np.maximum(scales - self._floor, _LEAST_ABOVE_FLOOR)
        self._raw_scales = above + np.log(-np.expm1(-above))  # the inverse of softplus
        self._neighbours = _nearest(weights, self._locs, scales)
        self._others: FloatArray = np.zeros(len(y))
        self._reference: FloatArray = np.zeros(len(y))
        self._groups: dict[_Group, _Part] = {}
        self._total: _Part = (self._reference, self._reference)
        self._steps: list[tuple[float, int, _Step]] = []
        self.num_components = network.num_components
        self.mean_weights = weights.mean(axis=0)
        """Mean weight [K] of each component."""
        self.removed: dict[int, tuple[int | None, float]] = {}
        """Of each component removed its twin, None where it was left out, with what that cost."""

    @property
    def peak(self) -> FloatArray:
        """Logarithm [N] of the greatest part of one of its components in the density."""
        return np.asarray(np.max([self._logs((k,))[1] for k in range(self.num_components)], axis=0))

    @property
    def density(self) -> FloatArray:
        """Its part [N] in the averaged density, over that of the reference."""
        return np.asarray(self._share * self._total[1] / self._total[0])

    def begin(self, reference: FloatArray) -> None:
        """Take all its components; ``reference`` [N] is the logarithm of what densities are divided by."""
        self._reference = reference
        self._keep({(k,): self._part((k,)) for k in range(self.num_components)})

    def look(self, others: FloatArray) -> None:
        """Estimate what each step would cost beside the density [N] of the other networks."""
        self._others = others
        pairs = {self._ordered((k,), (other,)) for k, near in enumerate(self._neighbours) for other in near}
        for step in (*(((k,),) for k in range(self.num_components)), *sorted(pairs)):
            self._consider(step)

    def best(self, others: FloatArray) -> tuple[float, _Step] | None:
        """Return what the step costs that changes least, with that step; None where every one changes too much."""
        self._others = others
        while self._steps:
            _, _, step = heapq.heappop(self._steps)
            if len(self._groups) == 1 or any(group not in self._groups for group in step):
                continue
            loss = self._loss(step)  # others were taken since it was estimated
            if abs(loss) >= MOST_LOST_AT_ONCE:
                continue
            ranked = self._ranked(step, loss)
            if not self._steps or ranked <= self._steps[0]:
                return loss, step
            heapq.heappush(self._steps, ranked)
        return None

    def take(self, step: _Step, loss: float) -> None:
        """Take a step, which costs so much."""
        groups = {group: part for group, part in self._groups.items() if group not in step}
        joined = step[0] + step[1] if len(step) > 1 else ()
        if joined:
            groups[joined] = self._part(joined)
        self._keep(groups)
        twin, gone = (joined[0] if joined else None), step[-1]
        self.removed |= {k: (twin, self.removed[k][1]) for k in gone[1:]}
        self.removed[gone[0]] = twin, loss
        if joined:
            near = {other for k in joined for other in self._neighbours[k]}
            self._consider((joined,))
            for group in groups:
                if group != joined and near.intersection(group):
                    self._consider(self._ordered(joined, group))

    def undo(self, removed: dict[int, tuple[int | None, float]]) -> None:
        """Take back what was removed since; it can only be read afterwards."""
        self.removed = removed

    def _keep(self, groups: dict[_Group, _Part]) -> None:
        self._groups = groups
        weight, density = np.array(list(groups.values())).sum(axis=0)
        self._total = weight, density

    def _consider(self, step: _Step) -> None:
        loss = self._loss(step)
        if abs(loss) < MOST_LOST_AT_ONCE:  # one that does much harm is not dead either
            heapq.heappush(self._steps, self._ranked(step, loss))

    def _ranked(self, step: _Step, loss: float) -> tuple[float, int, _Step]:
        """Return a step with its rank: what has hardly any weight is left out, else what changes least comes first."""
        is_light = len(step) == 1 and self.mean_weights[list(step[0])].sum() < _LIGHT
        changed = round(abs(loss), _DECIMALS) - (MOST_LOST_AT_ONCE if is_light else 0.0)
        return changed, -len(step), step

    def _loss(self, step: _Step) -> float:
        """Return what a step costs in the mean log density of the averaged networks, nats a row."""
        if len(self._groups) == 1:
            return np.inf
        weight, density = self._total
        gone_weight, gone_density = np.array([self._groups[group] for group in step]).sum(axis=0)
        weight, density = np.maximum(weight - gone_weight, 0.0), np.maximum(density - gone_density, 0.0)
        if len(step) > 1:
            new_weight, new_density = self._part(step[0] + step[1])
            weight, density = weight + new_weight, density + new_density
        before = self.density + self._others
        told = before > 0.0
        with np.errstate(divide="ignore", invalid="ignore"):
            after = self._share * density[told] / weight[told] + self._others[told]
            lost = float(np.mean(np.log(before[told]) - np.log(after))) if told.any() else np.inf
        return lost if np.isfinite(lost) else np.inf

    def _ordered(self, one: _Group, other: _Group) -> _Step:
        return (one, other) if self.mean_weights[one[0]] >= self.mean_weights[other[0]] else (other, one)

    def _part(self, group: _Group) -> _Part:
        log_weight, log_part = self._logs(group)
        with np.errstate(over="ignore", invalid="ignore"):
            return np.exp(log_weight), np.nan_to_num(np.exp(log_part - self._reference), posinf=0.0)

    def _logs(self, group: _Group) -> _Part:
        """Return the logarithms of the weight of a group, of its part in the density, each [N]."""
        places = list(group)
        shares = shares_of(self.mean_weights[places])
        of = self._log_weights[:, places], self._locs[:, places], self._raw_scales[:, places]
        log_weight, loc, raw_scale = (each @ shares for each in of)
        log_weight = log_weight + entropy(shares)
        scale = np.minimum(self._floor + np.logaddexp(0.0, raw_scale), self._ceiling)
        with np.errstate(over="ignore", invalid="ignore"):
            return log_weight, log_weight - np.log(scale) - 0.5 * np.square((self._y - loc) / scale)


def thin(networks: Sequence[ThinnedNetwork]) -> None:
    """Take cheap steps in networks whose densities are averaged, as many in each of them."""
    peak = np.max([network.peak for network in networks], axis=0)
    for network in networks:
        network.begin(np.where(np.isfinite(peak), peak, 0.0))
    for network in networks:
        network.look(_density_beside(network, networks))
    total = 0.0
    while True:
        before = [(network, dict(network.removed)) for network in networks]
        for network in networks:
            best = network.best(_density_beside(network, networks))
            if best is None or abs(total + best[0]) > MOST_LOST:
                for each, removed in before:
                    each.undo(removed)
                return
            loss, step = best
            network.take(step, loss)
            total += loss


def shares_of(weights: FloatArray) -> FloatArray:
    """Return the shares [M] of joined components in what they become, from their mean weights [M]."""
    shares = np.asarray(weights, float) + _LEAST
    return np.asarray(shares / shares.sum())


def entropy(shares: FloatArray) -> float:
    """Return what the logit of joined components exceeds the mean of theirs by, their weights in constant ratio."""
    some = shares[shares > 0.0]
    return float(-(some * np.log(some)).sum())


def _density_beside(network: ThinnedNetwork, networks: Sequence[ThinnedNetwork]) -> FloatArray:
    beside = [each.density for each in networks if each is not network]
    return np.sum(beside, axis=0) if beside else np.zeros_like(network.density)


def _nearest(weights: FloatArray, locs: FloatArray, scales: FloatArray) -> tuple[tuple[int, ...], ...]:
    """Return of each component those that are most like it where both have weight."""
    some = slice(None, None, max(len(weights) // _ROWS_COMPARED, 1))
    weights, locs, log_scales = weights[some], locs[some], np.log(scales[some])
    near = []
    for k in range(weights.shape[1]):
        both = weights * weights[:, [k]] + _LEAST
        with np.errstate(over="ignore"):
            apart = np.square((locs - locs[:, [k]]) * np.exp(-np.maximum(log_scales, log_scales[:, [k]])))
            apart = ((apart + np.square(log_scales - log_scales[:, [k]])) * both).sum(axis=0) / both.sum(axis=0)
        apart[k] = np.inf
        near.append(tuple(np.argsort(apart, kind="stable")[: min(_NEIGHBOURS, len(apart) - 1)].tolist()))
    return tuple(near)
