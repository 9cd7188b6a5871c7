"""The components of a network in another order, or fewer of them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.identity import ComponentFinding
from mdn_gui.core.network import Network, averaged
from mdn_gui.core.thinning import entropy, shares_of
from mdn_gui.errors import ConfigError


def ordered(model: FittedModel) -> FittedModel:
    """Return a model with its components in the order of their locs at the median of the inputs.

    A permutation of the outputs of each network, so that the density is the same but for the order of its sums.
    Component k then is the k-th from below in every plot, table, export; of an average of networks within each of them.
    """
    middle = model.x_scaler.scaled(model.provenance.input_ranges[np.newaxis, :, 1])

    def sorted_by_loc(network: Network) -> Network:
        _, locs, _ = network.parameters(middle)
        return _with_outputs(network, np.argsort(locs[0], kind="stable").tolist())

    # a member may be one of the restarts: it stays so
    sorted_networks = {each: sorted_by_loc(each) for each in (*model.network.members, *model.restarts)}
    members = tuple(sorted_networks[each] for each in model.network.members)
    restarts = tuple(sorted_networks[each] for each in model.restarts)
    return replace(model, network=averaged(members, model.network.shares), restarts=restarts)


def without_components(model: FittedModel, findings: Iterable[ComponentFinding]) -> FittedModel:
    """Return a model without some of its components, to be trained further; its record is kept.

    Parameters
    ----------
    model : FittedModel
        The model, which stays as it is.
    findings : iterable of ComponentFinding
        The components to leave out. A duplicate becomes one with its twin, which gets its weight.

    Raises
    ------
    ConfigError
        When no component would stay, there is no such component, or the networks of an average would be left with
        different numbers of components.

    Notes
    -----
    Weights are a softmax over logits that depend on x. Without a dead component the others share its weight. Two equal
    components are one with the logit log(exp(a) + exp(b)). The last layer can give it only where b - a is the same at
    every x. Joined components get that of the ratio of their mean weights: the logit is the mean of the logits in that
    ratio plus its entropy; loc, raw scale are such means too. Training mends what is left.
    """
    removed = {finding.component: finding for finding in findings}
    unknown = set(removed) - set(range(model.num_components))
    if unknown:
        message = f"There is no component {min(unknown) + 1}: the model has {model.num_components}."
        raise ConfigError(message, "Look for such components again.")
    networks, start = [], 0
    for member in model.network.members:
        own = {k - start: finding for k, finding in removed.items() if start <= k < start + member.num_components}
        networks.append(_without(member, own, start))
        start += member.num_components
    counts = {network.num_components for network in networks}
    if 0 in counts:
        raise ConfigError("No component would be left.", "Keep at least one component of each network.")
    if len(counts) > 1:
        message = "The averaged networks would have different numbers of components."
        raise ConfigError(message, "Remove as many components of each of them, or train anew with a smaller K.")
    return replace(
        model,
        network=averaged(tuple(networks), model.network.shares),
        model_config=replace(model.model_config, num_components=counts.pop()),
        restarts=(),
    )


def _without(network: Network, removed: dict[int, ComponentFinding], start: int) -> Network:
    """Return a network without components, counted from 0 in it; ``start`` is the number of its first one."""
    count = network.num_components
    kernel, bias = (array.astype(np.float64) for array in (network.kernels[-1], network.biases[-1]))
    twins = {f.twin - start for f in removed.values() if f.twin is not None} - set(removed)
    for twin in twins:
        ratios = {k: finding.ratio for k, finding in removed.items() if finding.twin == twin + start}
        shares = shares_of(np.array([1.0, *ratios.values()]))
        for part in range(3):
            places = np.array([twin, *ratios]) + part * count
            kernel[:, places[0]], bias[places[0]] = kernel[:, places] @ shares, bias[places] @ shares
        bias[twin] += entropy(shares)
    whole = replace(network, kernels=(*network.kernels[:-1], kernel), biases=(*network.biases[:-1], bias))
    return _with_outputs(whole, [k for k in range(count) if k not in removed])


def _with_outputs(network: Network, components: Sequence[int]) -> Network:
    """Return a network with these of its components, in this order: of each the logit, the loc, the raw scale."""
    if list(components) == list(range(network.num_components)):
        return network
    places = np.concatenate([np.array(components, dtype=int) + part * network.num_components for part in range(3)])
    kernels = (*network.kernels[:-1], network.kernels[-1][:, places])
    return replace(network, kernels=kernels, biases=(*network.biases[:-1], network.biases[-1][places]))
