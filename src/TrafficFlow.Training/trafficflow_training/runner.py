"""Runs an ONNX graph on PyTorch: the INT8 file exactly as its nodes say, and any tensor on the way for calibration.

Debian has no ONNX Runtime for Python and its OpenCV cannot read quantised graphs; the operators of our own files are few."""
import numpy as np
import onnx
import torch
import torch.nn.functional as F
from google.protobuf.message import DecodeError
from onnx import numpy_helper

from .errors import RecipeError


class Graph:
    """One model file. run(feed) -> outputs; observe(name, tensor), where given, sees every tensor that a node makes."""

    def __init__(self, model):
        self.graph = model.graph
        self.known = {i.name: torch.from_numpy(numpy_helper.to_array(i).copy()) for i in model.graph.initializer}
        self.inputs = [i.name for i in model.graph.input if i.name not in self.known]
        self.nodes = [(n, _attributes(n)) for n in model.graph.node]
        missing = sorted({n.op_type for n, _ in self.nodes if n.op_type not in OPERATORS})
        if missing:
            raise RecipeError(f"this recipe does not run {', '.join(missing)}: give a file that `export` or `quantise` has written")

    @torch.no_grad()
    def run(self, picture, observe=None):
        """picture [1, 3, h, w] float -> the first output."""
        values = dict(self.known)
        values[self.inputs[0]] = picture
        for node, attributes in self.nodes:
            result = OPERATORS[node.op_type]([values[i] if i else None for i in node.input], attributes)
            values[node.output[0]] = result
            if observe:
                observe(node.output[0], result)
        return values[self.graph.output[0].name]


def read(path):
    """-> the model of a file."""
    try:
        return onnx.load(str(path))
    except (OSError, ValueError, DecodeError) as e:
        raise RecipeError(f"{path}: expected an ONNX file, found: {e}") from e


def _attributes(node):
    return {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}


def _pads(pads):
    if pads and pads[:len(pads) // 2] != pads[len(pads) // 2:]:
        raise RecipeError(f"unequal padding {pads} is not run by this recipe")
    return tuple(pads[:2]) if pads else (0, 0)


def _conv(x, a):
    return F.conv2d(x[0], x[1], x[2] if len(x) > 2 else None, tuple(a.get("strides", (1, 1))), _pads(list(a.get("pads", []))), 1, a.get("group", 1))


def _pool(x, a):
    return F.max_pool2d(x[0], tuple(a["kernel_shape"]), tuple(a.get("strides", (1, 1))), _pads(list(a.get("pads", []))))


def _resize(x, a):
    scales = x[2] if len(x) > 2 and x[2] is not None and x[2].numel() else None
    size = [int(s) for s in (x[3][2:] if scales is None else torch.tensor(x[0].shape[2:]) * scales[2:])]
    return F.interpolate(x[0], size=size, mode="nearest")


def _slice(x, a):
    out = x[0]
    axes = x[3].tolist() if len(x) > 3 and x[3] is not None else range(len(x[1]))
    steps = x[4].tolist() if len(x) > 4 and x[4] is not None else [1] * len(x[1])
    for axis, start, end, step in zip(axes, x[1].tolist(), x[2].tolist(), steps):
        out = out[tuple([slice(None)] * (axis % out.ndim) + [slice(start, None if end > 2 ** 31 else end, step)])]
    return out


def _reshape(x, a):
    return x[0].reshape([x[0].shape[i] if s == 0 else int(s) for i, s in enumerate(x[1].tolist())])


def _along(values, axis, like):
    return values.reshape([-1 if i == axis % like.ndim else 1 for i in range(like.ndim)]) if values.ndim else values


def _quantise(x, a):
    zero = x[2]
    low, high = (0, 255) if zero.dtype == torch.uint8 else (-128, 127)
    axis = a.get("axis", 1)
    return (torch.round(x[0] / _along(x[1], axis, x[0])) + _along(zero.float(), axis, x[0])).clamp(low, high).to(zero.dtype)


def _dequantise(x, a):
    axis = a.get("axis", 1)
    zero = _along(x[2].float(), axis, x[0]) if len(x) > 2 and x[2] is not None else 0.0
    return (x[0].float() - zero) * _along(x[1], axis, x[0])


OPERATORS = dict(
    Conv=_conv, MaxPool=_pool, Resize=_resize, Slice=_slice, Reshape=_reshape, QuantizeLinear=_quantise, DequantizeLinear=_dequantise,
    Relu=lambda x, a: F.relu(x[0]), Sigmoid=lambda x, a: torch.sigmoid(x[0]), Softplus=lambda x, a: F.softplus(x[0]),
    Add=lambda x, a: x[0] + x[1], Sub=lambda x, a: x[0] - x[1], Mul=lambda x, a: x[0] * x[1], Div=lambda x, a: x[0] / x[1],
    Concat=lambda x, a: torch.cat(x, a["axis"]), Transpose=lambda x, a: x[0].permute(*a["perm"]),
    Softmax=lambda x, a: torch.softmax(x[0], a.get("axis", -1)),
    ReduceMax=lambda x, a: x[0].amax(tuple(a["axes"]), bool(a.get("keepdims", 1))),
    Shape=lambda x, a: torch.tensor(x[0].shape), Identity=lambda x, a: x[0],
    Constant=lambda x, a: torch.from_numpy(np.array(numpy_helper.to_array(a["value"]))),
)
