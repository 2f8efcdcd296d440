"""The network: residual stages of dense convolutions, a path aggregation neck and one head for each of the strides 8, 16 and 32."""
import torch
import torch.nn as nn
import torch.nn.functional as F

from .errors import RecipeError
from .geometry import INPUT_HEIGHT, INPUT_WIDTH, STRIDES

DETECTED = 4  # vehicle, motorcycle, person, bicycle: a sigmoid each
KINDS = 4  # car, van, truck, bus: a softmax among vehicles
MEAN, DEVIATION = 114.0, 58.0


class ConvNormRelu(nn.Sequential):
    """A convolution, its batch norm (nothing once it is folded) and ReLU."""

    def __init__(self, inputs, outputs, kernel=3, stride=1, groups=1, activate=True):
        super().__init__(
            nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False),
            nn.BatchNorm2d(outputs, eps=1e-3, momentum=0.03),
            *([nn.ReLU(inplace=True)] if activate else []),
        )


class Residual(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.a = ConvNormRelu(channels, channels // 2, 1)
        self.b = ConvNormRelu(channels // 2, channels, 3, activate=False)

    def forward(self, x):
        return F.relu(x + self.b(self.a(x)))


class Context(nn.Module):
    """Max pools of three reaches: what stands around."""

    def __init__(self, channels):
        super().__init__()
        self.a = ConvNormRelu(channels, channels // 2, 1)
        self.b = ConvNormRelu(channels * 2, channels, 1)

    def forward(self, x):
        x = self.a(x)
        near = F.max_pool2d(x, 5, 1, 2)
        far = F.max_pool2d(near, 5, 1, 2)
        return self.b(torch.cat([x, near, far, F.max_pool2d(far, 5, 1, 2)], 1))


def stage(inputs, outputs, depth):
    return nn.Sequential(ConvNormRelu(inputs, outputs, 3, 2), *[Residual(outputs) for _ in range(depth)])


def head(inputs, width):
    def branch():
        return nn.Sequential(ConvNormRelu(width, width, 3, groups=width), ConvNormRelu(width, width, 1))

    parts = nn.ModuleDict(dict(
        t=ConvNormRelu(inputs, width, 3), c=branch(), r=branch(),
        det=nn.Conv2d(width, DETECTED, 1), cls=nn.Conv2d(width, KINDS, 1), reg=nn.Conv2d(width, 4, 1)))
    nn.init.constant_(parts["det"].bias, -4.6)  # a cell holds nothing until it has learned otherwise
    nn.init.constant_(parts["reg"].bias, 0.7)
    return parts


class Network(nn.Module):
    """Pictures [batch, 3, height, width], normalised -> [batch, cells, 12]: four logits of what it is, four of which kind of
    vehicle, and the distances left, top, right, bottom from the cell's middle in pixels."""

    def __init__(self, widths=(16, 32, 56, 96, 144), depths=(1, 2, 3, 2), head_width=64):
        super().__init__()
        w, n = widths, depths
        self.stem = ConvNormRelu(3, w[0], 3, 2)
        self.s4, self.s8 = stage(w[0], w[1], n[0]), stage(w[1], w[2], n[1])
        self.s16, self.s32 = stage(w[2], w[3], n[2]), stage(w[3], w[4], n[3])
        self.ctx = Context(w[4])
        self.l32 = ConvNormRelu(w[4], w[3], 1)
        self.t16 = nn.Sequential(ConvNormRelu(2 * w[3], w[3], 1), Residual(w[3]))
        self.l16 = ConvNormRelu(w[3], w[2], 1)
        self.t8 = nn.Sequential(ConvNormRelu(2 * w[2], w[2], 1), Residual(w[2]))
        self.d8 = ConvNormRelu(w[2], w[2], 3, 2)
        self.b16 = nn.Sequential(ConvNormRelu(2 * w[2], w[3], 1), Residual(w[3]))
        self.d16 = ConvNormRelu(w[3], w[3], 3, 2)
        self.b32 = nn.Sequential(ConvNormRelu(2 * w[3], w[4], 1), Residual(w[4]))
        self.h = nn.ModuleList(head(c, head_width) for c in (w[2], w[3], w[4]))
        self.scale = nn.Parameter(torch.ones(len(STRIDES)))

    def forward(self, x):
        a = self.s8(self.s4(self.stem(x)))
        b = self.s16(a)
        l32 = self.l32(self.ctx(self.s32(b)))
        l16 = self.l16(self.t16(torch.cat([_double(l32), b], 1)))
        p8 = self.t8(torch.cat([_double(l16), a], 1))
        p16 = self.b16(torch.cat([self.d8(p8), l16], 1))
        p32 = self.b32(torch.cat([self.d16(p16), l32], 1))
        out = []
        for k, (part, p) in enumerate(zip(self.h, (p8, p16, p32))):
            t = part["t"](p)
            u, v = part["c"](t), part["r"](t)
            # In this order: from_onnx matches convolutions as they run.
            what, kind, far = part["det"](u), part["cls"](u), part["reg"](v)
            out.append(torch.cat([what, kind, F.softplus(far * self.scale[k]) * STRIDES[k]], 1).flatten(2))
        return torch.cat(out, 2).transpose(1, 2)


def _double(x):
    return F.interpolate(x, scale_factor=2.0, mode="nearest")


def normalise(pictures):
    """BGR 0..255 -> what the network reads."""
    return (pictures - MEAN) / DEVIATION


def cells(height=INPUT_HEIGHT, width=INPUT_WIDTH):
    """-> middles [cells, 2] in pixels and strides [cells], in the order of the network's output."""
    points, strides = [], []
    for k in STRIDES:
        y, x = torch.meshgrid(torch.arange(height // k), torch.arange(width // k), indexing="ij")
        points.append(torch.stack([x, y], -1).reshape(-1, 2).float() * k + k / 2)
        strides.append(torch.full((points[-1].shape[0],), float(k)))
    return torch.cat(points), torch.cat(strides)


def decode(output, points):
    """Network output [batch, cells, 12] -> boxes [batch, cells, 4] in input pixels and scores [batch, cells, 7] by CLASSES. The best
    kind of vehicle carries the full score of a vehicle, the others less."""
    what, kind = torch.sigmoid(output[..., :4]), torch.softmax(output[..., 4:8], -1)
    kind = kind / kind.max(-1, keepdim=True)[0]
    far = output[..., 8:]
    boxes = torch.cat([points - far[..., :2], points + far[..., 2:]], -1)
    return boxes, torch.cat([what[..., :1] * kind, what[..., 1:]], -1)


class Deployed(nn.Module):
    """What is exported: BGR pictures 0..255 in, boxes and scores [batch, cells, 11] out."""

    def __init__(self, net, height=INPUT_HEIGHT, width=INPUT_WIDTH):
        super().__init__()
        self.net = net
        self.register_buffer("pts", cells(height, width)[0][None])

    def forward(self, image):
        return torch.cat(decode(self.net(normalise(image)), self.pts), -1)


def fold(net):
    """Takes every batch norm into its convolution, in place; names of the parameters stay. -> the network."""
    net.eval()
    for block in [m for m in net.modules() if isinstance(m, ConvNormRelu)]:
        if isinstance(block[1], nn.BatchNorm2d):
            block[0] = torch.nn.utils.fusion.fuse_conv_bn_eval(block[0], block[1])
            block[1] = nn.Identity()
    return net


def is_folded(state):
    """Whether a saved state belongs to a folded network."""
    return "stem.0.bias" in state


def restore(state):
    """A saved state -> its network, folded or not."""
    net = Network()
    if is_folded(state):
        fold(net)
    net.load_state_dict(state)
    return net


def from_onnx(path):
    """An exported float32 file -> its network, folded. Convolutions are matched in the order in which they run, and their shapes must fit."""
    from onnx import numpy_helper
    from .runner import read

    graph = read(path).graph
    known = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
    saved = [n for n in graph.node if n.op_type == "Conv"]
    net, order, hooks = fold(Network()), [], []
    for m in net.modules():
        if isinstance(m, nn.Conv2d):
            hooks.append(m.register_forward_hook(lambda module, *_: order.append(module)))
    with torch.no_grad():
        net(torch.zeros(1, 3, 64, 64))
    for h in hooks:
        h.remove()
    if len(saved) != len(order):
        raise RecipeError(f"{path} has {len(saved)} convolutions, this network has {len(order)}: give a file that this recipe has exported")
    with torch.no_grad():
        for node, conv in zip(saved, order):
            weight, bias = known.get(node.input[1]), known.get(node.input[2]) if len(node.input) > 2 else None
            if weight is None or bias is None or weight.shape != tuple(conv.weight.shape):
                raise RecipeError(f"{path}: convolution {node.name} does not fit this network in float32: give a float32 file, not the INT8 one")
            conv.weight.copy_(torch.from_numpy(weight.copy()))
            conv.bias.copy_(torch.from_numpy(bias.copy()))
        scales = [known[i] for n in graph.node if n.op_type == "Mul" for i in n.input if i in known and known[i].size == 1]
        if len(scales) == len(STRIDES):
            net.scale.copy_(torch.tensor([float(s.reshape(-1)[0]) for s in scales]))
    return net
