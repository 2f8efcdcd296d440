"""The float32 file -> an INT8 file with quantise and dequantise nodes: weights by channel, activations by calibrated range.

In float stay the first convolution (pixels need their 8 bits), the last ones and all that follows: one scale for logits and pixels
together would leave no steps for the scores."""
import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper

from .drafts import draft
from .errors import RecipeError
from .runner import Graph, read

KEPT_RANGE = ("MaxPool", "Resize", "Concat")  # what goes in and comes out has one scale: they only move bytes then
QUANTISED = ("Conv", "Relu", "Add") + KEPT_RANGE
BINS = 4096


def quantise(source, target, pictures, percentile=99.995):
    """source: a float32 file; target: where the INT8 file goes; pictures [n, 3, h, w] float 0..255 for the ranges. -> count of
    convolutions in INT8."""
    model = read(source)
    _fold_division(model.graph)
    ranges = _ranges(model, _quantised_tensors(model.graph), pictures, percentile)
    done = _rewrite(model.graph, ranges)
    onnx.checker.check_model(model)
    with draft(target) as unfinished:
        onnx.save(model, str(unfinished))
    return done


def input_size(path):
    """-> height and width of a model's pictures."""
    return [d.dim_value for d in read(path).graph.input[0].type.tensor_type.shape.dim][2:]


def _fold_division(graph):
    """The pixels' division by their deviation goes into the first convolution's weights: one pass less over the picture."""
    first = next((n for n in graph.node if n.op_type == "Conv"), None)
    division = next((n for n in graph.node if first is not None and n.op_type == "Div" and n.output[0] == first.input[0]), None)
    if division is None:
        return
    values = {i.name: i for i in graph.initializer}
    made = {n.output[0]: n for n in graph.node if n.op_type == "Constant"}
    by = values[division.input[1]] if division.input[1] in values else helper.get_attribute_value(made[division.input[1]].attribute[0])
    weight = values[first.input[1]]
    weight.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(weight) / np.float32(numpy_helper.to_array(by)), weight.name))
    first.input[0] = division.input[0]
    graph.node.remove(division)


def _parts(graph):
    """-> names of the convolutions that become INT8, and of all nodes before the heads' ends."""
    makers = {o: n for n in graph.node for o in n.output}
    users = {}
    for n in graph.node:
        for i in n.input:
            users.setdefault(i, []).append(n)
    convolutions = [n for n in graph.node if n.op_type == "Conv"]
    if len(convolutions) < 3:
        raise RecipeError("the file has hardly a convolution: expected the float32 file of `export`")
    ends = [n for n in convolutions if all(u.op_type not in ("Conv", "Relu", "Add", "MaxPool", "Resize") for u in users.get(n.output[0], []))]
    body, todo = set(), [i for n in ends for i in n.input[:1]]
    while todo:
        node = makers.get(todo.pop())
        if node is not None and node.op_type in QUANTISED and node.output[0] not in body:
            body.add(node.output[0])
            todo += list(node.input)
    first = convolutions[0].output[0]
    return {n.output[0] for n in convolutions if n.output[0] in body and n.output[0] != first}, body, users


def _quantised_tensors(graph):
    """Tensors that get a scale: all of the body, but what goes into one ReLU only is scaled behind it."""
    _, body, users = _parts(graph)
    return {t for t in body if not (len(users.get(t, [])) == 1 and users[t][0].op_type == "Relu")}


def _ranges(model, tensors, pictures, percentile):
    """-> {tensor: (low, high)} so that the stated percentage of all values lies below high, and as many above low."""
    graph, limits, histograms = Graph(model), {}, {}

    def widest(name, t):
        if name in tensors:
            low, high = limits.get(name, (0.0, 0.0))
            limits[name] = (min(low, float(t.min())), max(high, float(t.max())))

    def count(name, t):
        if name in tensors:
            low, high = limits[name]
            histograms[name] = histograms.get(name, 0) + torch.histc(t, BINS, low, max(high, low + 1e-6)).double().numpy()

    for observe in (widest, count):
        for picture in pictures:
            graph.run(picture[None], observe)
    ranges, rest = {}, (100 - percentile) / 100
    for name, h in histograms.items():
        low, high = limits[name]
        below, edges = np.cumsum(h) / h.sum(), np.linspace(low, max(high, low + 1e-6), BINS + 1)
        ranges[name] = (min(0.0, float(edges[np.searchsorted(below, rest)])), max(0.0, float(edges[min(BINS, np.searchsorted(below, 1 - rest) + 1)])))
    return _joined(model.graph, ranges)


def _joined(graph, ranges):
    """Tensors that one KEPT_RANGE node connects get the widest of their ranges, and so along chains of such nodes."""
    group = {t: {t} for t in ranges}
    for node in graph.node:
        if node.op_type in KEPT_RANGE and node.output[0] in ranges:
            one = set().union(*(group[t] for t in (*node.input, *node.output) if t in ranges))
            for t in one:
                group[t] = one
    return {t: (min(ranges[o][0] for o in group[t]), max(ranges[o][1] for o in group[t])) for t in ranges}


def _rewrite(graph, ranges):
    chosen, _, _ = _parts(graph)
    known = {i.name: i for i in graph.initializer}
    scales, nodes, added, restored = {}, [], [], {}

    def constant(name, values):
        added.append(numpy_helper.from_array(np.asarray(values), name))
        return name

    for node in list(graph.node):
        for k, name in enumerate(node.input):
            node.input[k] = restored.get(name, name)
        if node.output[0] in chosen:
            _weights(node, known, scales, nodes, constant)
        name = node.output[0]
        if node.op_type == "Relu" and name in ranges:
            source = node.input[0]  # no step lies below 0: the quantised tensor needs no ReLU
        else:
            nodes.append(node)
            source = name
        if name in ranges:
            low, high = ranges[name]
            scale = max(high - low, 1e-6) / 255
            zero = int(np.clip(round(-low / scale), 0, 255))
            s, z = constant(f"{name}_scale", np.float32(scale)), constant(f"{name}_zero", np.uint8(zero))
            nodes.append(helper.make_node("QuantizeLinear", [source, s, z], [f"{name}_quantised"], name=f"{name}_quantise"))
            nodes.append(helper.make_node("DequantizeLinear", [f"{name}_quantised", s, z], [f"{name}_restored"], name=f"{name}_dequantise"))
            restored[name] = f"{name}_restored"
            scales[f"{name}_restored"] = scale
    del graph.node[:]
    graph.node.extend(nodes)
    used = {i for n in graph.node for i in n.input} | {o.name for o in graph.output}
    for node in [n for n in graph.node if n.op_type == "Constant" and n.output[0] not in used]:
        graph.node.remove(node)
    left = [i for i in graph.initializer if i.name in used] + added
    del graph.initializer[:]
    graph.initializer.extend(left)
    return len([n for n in nodes if n.op_type == "Conv" and n.output[0] in chosen])


def _weights(node, known, scales, nodes, constant):
    """Weights as int8 by output channel, the bias as int32 in steps of input scale times weight scale."""
    weight = numpy_helper.to_array(known[node.input[1]])
    bias = numpy_helper.to_array(known[node.input[2]])
    scale = np.maximum(np.abs(weight).reshape(len(weight), -1).max(1), 1e-8).astype(np.float32) / 127
    base = node.output[0]
    steps = np.clip(np.round(weight / scale.reshape(-1, *[1] * (weight.ndim - 1))), -127, 127).astype(np.int8)
    bias_scale = (scale * np.float32(scales[node.input[0]])).astype(np.float32)
    bias_steps = np.clip(np.round(bias / bias_scale), -2 ** 31 + 1, 2 ** 31 - 1).astype(np.int32)
    for k, (what, values, s, zero) in enumerate((("weight", steps, scale, np.int8), ("bias", bias_steps, bias_scale, np.int32))):
        names = [constant(f"{base}_{what}", values), constant(f"{base}_{what}_scale", s), constant(f"{base}_{what}_zero", np.zeros(len(s), zero))]
        nodes.append(helper.make_node("DequantizeLinear", names, [f"{base}_{what}_restored"], name=f"{base}_{what}_dequantise", axis=0))
        node.input[k + 1] = f"{base}_{what}_restored"


def compare(float_path, int8_path, pictures):
    """-> figures of how far the scores and boxes of the INT8 file are from the float32 file's on pictures [n, 3, h, w]."""
    first, second = Graph(read(float_path)), Graph(read(int8_path))
    scores, boxes, lost, gained, sure = [], [], 0, 0, 0
    for picture in pictures:
        a, b = first.run(picture[None])[0].numpy(), second.run(picture[None])[0].numpy()
        p, q = a[:, 4:].max(1), b[:, 4:].max(1)
        certain = p > 0.4
        sure, lost, gained = sure + certain.sum(), lost + (certain & (q < 0.25)).sum(), gained + ((q > 0.4) & (p < 0.25)).sum()
        scores += list(np.abs(p - q)[certain])
        boxes += list(np.abs(a - b)[certain, :4].mean(1))
    return dict(
        sure_cells=int(sure), lost_percent=round(100 * float(lost) / max(1, sure), 2), gained_percent=round(100 * float(gained) / max(1, sure), 2),
        score_difference=round(float(np.mean(scores or [0])), 4), box_difference_pixels=round(float(np.mean(boxes or [0])), 3))
