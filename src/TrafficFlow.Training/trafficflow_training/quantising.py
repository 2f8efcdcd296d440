"""The float32 file -> an INT8 file with quantise and dequantise nodes: weights by channel, activations by calibrated range.

In float stay the first convolution (pixels need their 8 bits), the last ones and all that follows: one scale for logits and pixels
together would leave no steps for the scores."""
import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper

from .errors import RecipeError
from .runner import Graph

KEPT_RANGE = ("MaxPool", "Resize")  # their output has the scale of their input
QUANTISED = ("Conv", "Relu", "Add", "Concat") + KEPT_RANGE
BINS = 4096


def quantise(source, target, pictures, percentile=99.995):
    """source: a float32 file; target: where the INT8 file goes; pictures [n, 3, h, w] float 0..255 for the ranges. -> count of
    convolutions in INT8."""
    model = onnx.load(str(source))
    ranges = _ranges(model, _quantised_tensors(model.graph), pictures, percentile)
    done = _rewrite(model.graph, ranges)
    onnx.checker.check_model(model)
    onnx.save(model, str(target))
    return done


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
    ends = [n for n in convolutions if all(u.op_type not in QUANTISED[:3] + KEPT_RANGE for u in users.get(n.output[0], []))]
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
    for node in model.graph.node:
        if node.op_type in KEPT_RANGE and node.output[0] in ranges and node.input[0] in ranges:
            ranges[node.output[0]] = ranges[node.input[0]]
    return ranges


def _rewrite(graph, ranges):
    chosen, _, _ = _parts(graph)
    known = {i.name: i for i in graph.initializer}
    scales, nodes, added, restored = {}, [], [], {}

    def constant(name, values):
        added.append(numpy_helper.from_array(np.asarray(values), name))
        return name

    for node in list(graph.node):
        is_int8 = node.op_type in QUANTISED and node.output[0] in ranges or node.output[0] in chosen or _goes_into_relu(graph, node, ranges)
        for k, name in enumerate(node.input):
            if is_int8 and name in restored:
                node.input[k] = restored[name]
        if node.output[0] in chosen and node.input[0] in restored.values():
            _weights(node, known, scales, nodes, constant)
        nodes.append(node)
        name = node.output[0]
        if name in ranges:
            low, high = ranges[name]
            scale = max(high - low, 1e-6) / 255
            zero = int(np.clip(round(-low / scale), 0, 255))
            s, z = constant(f"{name}_scale", np.float32(scale)), constant(f"{name}_zero", np.uint8(zero))
            nodes.append(helper.make_node("QuantizeLinear", [name, s, z], [f"{name}_quantised"], name=f"{name}_quantise"))
            nodes.append(helper.make_node("DequantizeLinear", [f"{name}_quantised", s, z], [f"{name}_restored"], name=f"{name}_dequantise"))
            restored[name] = f"{name}_restored"
            scales[f"{name}_restored"] = scale
    # What is in float beyond the body reads the float tensor where one is left unquantised only at the heads' ends.
    del graph.node[:]
    graph.node.extend(nodes)
    used = {i for n in graph.node for i in n.input}
    left = [i for i in graph.initializer if i.name in used] + added
    del graph.initializer[:]
    graph.initializer.extend(left)
    return len([n for n in nodes if n.op_type == "Conv" and n.output[0] in chosen])


def _goes_into_relu(graph, node, ranges):
    return node.op_type in ("Conv", "Add") and any(n.op_type == "Relu" and n.input[0] == node.output[0] and n.output[0] in ranges for n in graph.node)


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
    first, second = Graph(onnx.load(str(float_path))), Graph(onnx.load(str(int8_path)))
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
