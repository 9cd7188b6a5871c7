"""A fitted model as an ONNX graph, for other programs."""

import json
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from mdn_gui import __version__
from mdn_gui.core.config import settings_text
from mdn_gui.core.fitted import FittedModel
from mdn_gui.files.saving import SaveError, replace_file

if TYPE_CHECKING:
    from os import PathLike

_OPSET, _FORMAT = 17, 8
_FARTHEST_INPUT, _SMALLEST_SCALE = 1e30, 1e-150
_SMALL = 1e-5
"""Below it log(1 + e) and 1 - exp(-e) are taken from their series: the operators would lose the digits."""
_STEP, _REACH, _MOST_NODES = 0.5, 9.0, 4096


class _Graph:
    """Nodes in order; each operation gives the name of its result.

    Parameters
    ----------
    helper : module
        ``onnx.helper``.
    numpy_helper : module
        ``onnx.numpy_helper``.
    """

    def __init__(self, helper: Any, numpy_helper: Any) -> None:
        self._helper, self._numpy_helper = helper, numpy_helper
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, values: Any, kind: type = np.float64) -> str:
        """Return the name of a constant."""
        name = f"constant_{len(self.constants)}"
        self.constants.append(self._numpy_helper.from_array(np.asarray(values, dtype=kind), name))
        return name

    def apply(self, operator: str, *inputs: str | float, name: str = "", **attributes: Any) -> str:
        """Return the name of what an operator gives; numbers become constants."""
        result = name or f"{operator.lower()}_{len(self.nodes)}"
        names = [each if isinstance(each, str) else self.constant(each) for each in inputs]
        self.nodes.append(self._helper.make_node(operator, names, [result], **attributes))
        return result

    def softplus(self, z: str) -> str:
        """Return log(1 + exp(z)), exact also where it is tiny."""
        small = self.apply("Exp", self.apply("Neg", self.apply("Abs", z)))
        series = self.apply("Mul", small, self.apply("Sub", 1.0, self.apply("Mul", small, 0.5)))
        whole = self.apply("Log", self.apply("Add", small, 1.0))
        rest = self.apply("Where", self.apply("Less", small, _SMALL), series, whole)
        return self.apply("Add", self.apply("Max", z, 0.0), rest)

    def one_less_exp(self, size: str) -> str:
        """Return 1 - exp(-size) of a size of at least 0, exact also where it is tiny."""
        series = self.apply("Mul", size, self.apply("Sub", 1.0, self.apply("Mul", size, 0.5)))
        whole = self.apply("Sub", 1.0, self.apply("Exp", self.apply("Neg", size)))
        return self.apply("Where", self.apply("Less", size, _SMALL), series, whole)

    def logistic(self, z: str) -> str:
        """Return 1 / (1 + exp(-z))."""
        small = self.apply("Exp", self.apply("Neg", self.apply("Abs", z)))
        above = self.apply("Where", self.apply("Less", z, 0.0), small, 1.0)
        return self.apply("Div", above, self.apply("Add", small, 1.0))

    def columns(self, values: str, begin: int, end: int) -> str:
        """Return columns ``begin`` to ``end`` of a matrix."""
        ends = (self.constant([each], np.int64) for each in (begin, end, 1))
        return self.apply("Slice", values, *ends)


def onnx_model(model: FittedModel) -> Any:
    """Return the model as an ``onnx.ModelProto``: x [N, D] float64, data units, to weights, means, variances [N, K].

    The inputs are those of the network: of a category one for each level, 1 for the level it is. How columns become
    inputs, which settings made the model is told in its metadata, as JSON.

    Parameters
    ----------
    model : FittedModel
        What is written.

    Raises
    ------
    SaveError
        Where the package ``onnx`` is not installed, or the graph would be too large: a logit-normal component has no
        closed form, a quadrature of components that may be very wide has too many nodes.
    """
    helper, numpy_helper, types = _library()
    graph = _Graph(helper, numpy_helper)
    z = graph.apply(
        "Div", graph.apply("Sub", "x", graph.constant(model.x_scaler.mean)), graph.constant(model.x_scaler.sd)
    )
    z = graph.apply("Max", graph.apply("Min", z, _FARTHEST_INPUT), -_FARTHEST_INPUT)
    parts = [_network(graph, model, member, z) for member in range(len(model.network.members))]
    weights, locs, scales = (
        graph.apply("Concat", *each, axis=1) if len(parts) > 1 else each[0] for each in zip(*parts, strict=True)
    )
    total = graph.apply("ReduceSum", weights, graph.constant([1], np.int64), keepdims=1)
    graph.apply("Div", weights, total, name="weights")
    _moments(graph, model, locs, scales)
    double, count = types.DOUBLE, model.num_components
    inputs = [helper.make_tensor_value_info("x", double, ["N", model.num_inputs])]
    outputs = [helper.make_tensor_value_info(name, double, ["N", count]) for name in ("weights", "means", "variances")]
    made = helper.make_graph(graph.nodes, "mixture density network", inputs, outputs, graph.constants)
    opset = [helper.make_opsetid("", _OPSET)]
    proto = helper.make_model(made, opset_imports=opset, producer_name="mdn-gui", producer_version=__version__)
    proto.ir_version = _FORMAT
    helper.set_model_props(proto, _metadata(model))
    return proto


def save_onnx(path: "str | PathLike[str]", model: FittedModel) -> None:
    """Write the graph of :func:`onnx_model` to a file, whole or not at all.

    Raises
    ------
    SaveError
        As :func:`onnx_model`; when the file cannot be written, an earlier file of that name is then unchanged.
    """
    content = onnx_content(model)
    replace_file(path, lambda stream: stream.write(content))


def onnx_content(model: FittedModel) -> bytes:
    """Return the graph of :func:`onnx_model` as the bytes of a file; errors as there."""
    content: bytes = onnx_model(model).SerializeToString(deterministic=True)
    return content


def _library() -> tuple[Any, Any, Any]:
    try:
        from onnx import TensorProto, helper, numpy_helper
    except ImportError:
        message = "The package onnx, which writes such files, is not installed."
        raise SaveError(message, "Install it with: pip install mdn-gui[onnx]") from None
    return helper, numpy_helper, TensorProto


def _network(graph: _Graph, model: FittedModel, member: int, z: str) -> tuple[str, str, str]:
    """Add one network: weights times its share, locs, scales, each [N, K], units of the transformed target."""
    network, share = model.network.members[member], model.network.shares[member]
    values = z
    for layer, (kernel, bias) in enumerate(zip(network.kernels, network.biases, strict=True)):
        if layer:
            values = _activated(graph, network.activation, values)
        values = graph.apply("Add", graph.apply("MatMul", values, graph.constant(kernel)), graph.constant(bias))
    count = network.num_components
    logits, locs, raw = (graph.columns(values, place * count, (place + 1) * count) for place in range(3))
    weights = graph.apply("Mul", graph.apply("Softmax", logits, axis=1), float(share))
    scales = graph.apply("Add", graph.softplus(raw), float(network.scale_floor))
    if math.isfinite(network.scale_ceiling):
        scales = graph.apply("Min", scales, float(network.scale_ceiling))
    scales = graph.apply("Max", scales, _SMALLEST_SCALE)
    mean, sd = float(model.y_scaler.mean[0]), float(model.y_scaler.sd[0])
    return weights, graph.apply("Add", graph.apply("Mul", locs, sd), mean), graph.apply("Mul", scales, sd)


def _activated(graph: _Graph, activation: str, values: str) -> str:
    if activation == "softplus":
        return graph.softplus(values)
    if activation == "elu":
        falling = graph.apply("Sub", graph.apply("Exp", graph.apply("Min", values, 0.0)), 1.0)
        return graph.apply("Where", graph.apply("Less", values, 0.0), falling, values)
    return graph.apply({"tanh": "Tanh", "relu": "Relu"}[activation], values)


def _moments(graph: _Graph, model: FittedModel, locs: str, scales: str) -> None:
    """Add means and variances of the components, data units."""
    transform = model.transform.name
    if transform == "logit":
        _logit_moments(graph, model, locs, scales)
        return
    variances = graph.apply("Mul", scales, scales)
    if transform == "none":
        graph.apply("Identity", locs, name="means")
        graph.apply("Identity", variances, name="variances")
        return
    log_means = graph.apply("Add", locs, graph.apply("Mul", variances, 0.5))
    graph.apply("Exp", log_means, name="means")
    # log of exp(variance) - 1, as variance + log(1 - exp(-variance)): nothing overflows on the way
    excess = graph.apply("Add", variances, graph.apply("Log", graph.one_less_exp(variances)))
    graph.apply("Exp", graph.apply("Add", graph.apply("Mul", log_means, 2.0), excess), name="variances")


def _logit_moments(graph: _Graph, model: FittedModel, locs: str, scales: str) -> None:
    """Add the trapezoidal rule, with as many nodes as the widest component may need: [N, K, nodes]."""
    widest = model.network.scale_ceiling * float(model.y_scaler.sd[0])
    reach = _REACH + 3.0 * widest
    nodes = 2.0 * reach * max(widest, 1.0) / _STEP
    if not nodes <= _MOST_NODES:
        message = "The components of this model may be too wide for an ONNX graph of a logit-transformed target."
        raise SaveError(message, "Take the Python script that needs NumPy alone, or train with a smaller largest sd.")
    deviates = reach * np.linspace(-1.0, 1.0, math.ceil(nodes) + 1)
    shares = np.exp(-0.5 * np.square(deviates))
    last = graph.constant([2], np.int64)
    locs, scales = (graph.apply("Unsqueeze", each, last) for each in (locs, scales))
    moves = graph.apply("Mul", scales, graph.constant(deviates))
    greater, lesser = (graph.apply(operator, graph.apply("Add", locs, moves), locs) for operator in ("Max", "Min"))
    # y - y at the loc, without a difference of nearly equal numbers
    sizes = graph.one_less_exp(graph.apply("Abs", moves))
    sizes = graph.apply("Mul", sizes, graph.logistic(greater))
    sizes = graph.apply("Mul", sizes, graph.logistic(graph.apply("Neg", lesser)))
    distances = graph.apply("Mul", sizes, graph.constant(np.sign(deviates)))
    weights = graph.constant(shares / shares.sum())

    def expected(values: str, keepdims: int) -> str:
        return graph.apply("ReduceSum", graph.apply("Mul", values, weights), last, keepdims=keepdims)

    shift = expected(distances, 1)
    means = graph.apply("Add", graph.logistic(locs), shift)
    graph.apply("Squeeze", means, last, name="means")
    off = graph.apply("Sub", distances, shift)
    graph.apply("Identity", expected(graph.apply("Mul", off, off), 0), name="variances")


def _metadata(model: FittedModel) -> dict[str, str]:
    seen = model.provenance
    inputs = [
        {"column": each.column, "kind": each.kind.value, "levels": list(each.levels), "origin": each.origin}
        for each in seen.encodings
    ]
    return {
        "columns": json.dumps(inputs),
        "inputs": json.dumps(list(seen.input_names)),
        "target": json.dumps(seen.target_name),
        "source": json.dumps(seen.source),
        "rows_sha256": seen.data_digest,
        "settings": json.dumps(settings_text(model.model_config, model.training_config)),
    }
