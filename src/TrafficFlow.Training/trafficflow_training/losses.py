"""Which cells answer for which box, and what their answers cost."""
from dataclasses import dataclass

import torch
import torch.nn.functional as F

from .geometry import STRIDES
from .network import cells

REACH = 2.5  # cells: how far from the middle of a box its cells lie
ANSWERS = 10  # cells that answer for one box


@dataclass(frozen=True)
class Weights:
    """Shares of the sum: what it is, where it is, which kind of vehicle; and how many times a box over two vehicles costs more."""

    what: float = 1.0
    where: float = 2.0
    kind: float = 0.35
    over_two: float = 3.0


class Grid:
    """The cells of one input size: their middles and strides, and which of them lie around a point."""

    def __init__(self, height, width, device="cpu"):
        self.shapes = [(height // k, width // k) for k in STRIDES]
        self.first = [sum(h * w for h, w in self.shapes[:i]) for i in range(len(STRIDES))]
        self.count = sum(h * w for h, w in self.shapes)
        self.points, self.strides = (t.to(device) for t in cells(height, width))
        steps = torch.arange(-2, 3, device=device)
        self.steps = torch.stack(torch.meshgrid(steps, steps, indexing="ij"), -1).flip(-1).reshape(-1, 2)

    def around(self, centres):
        """centres [..., 2] in pixels -> indices [..., 75] of the cells within REACH of them at every stride, and whether they exist."""
        index, exists = [], []
        for stride, (h, w), first in zip(STRIDES, self.shapes, self.first):
            at = (centres / stride).floor().long()[..., None, :] + self.steps
            inside = (at >= 0).all(-1) & (at[..., 0] < w) & (at[..., 1] < h)
            index.append(torch.where(inside, first + at[..., 1] * w + at[..., 0], torch.zeros_like(at[..., 0])))
            exists.append(inside)
        return torch.cat(index, -1), torch.cat(exists, -1)


def iou_of(a, b, generalised=False):
    """Boxes [..., 4] that broadcast -> [...]; generalised: less the empty share of what encloses both."""
    wh = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0)
    shared = wh[..., 0] * wh[..., 1]
    union = area_of(a) + area_of(b) - shared + 1e-7
    if not generalised:
        return shared / union
    whole = (torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])).clamp(min=0)
    whole = whole[..., 0] * whole[..., 1] + 1e-7
    return shared / union - (whole - union) / whole


def area_of(box):
    return (box[..., 2] - box[..., 0]).clamp(min=0) * (box[..., 3] - box[..., 1]).clamp(min=0)


def detection_loss(output, rows, valid, grid, weights=Weights()):
    """output [b, cells, 12], rows [b, m, 10], valid [b, m] -> the sum and its three parts: what, where, kind."""
    output = output.float()
    logits, kinds, far = output[..., :4], output[..., 4:8], output[..., 8:]
    boxes = torch.cat([grid.points - far[..., :2], grid.points + far[..., 2:]], -1)
    with torch.no_grad():
        sure, sure_rows = _packed(rows, valid & (rows[..., 5] > 0.5))
        unsure, unsure_rows = _packed(rows, valid & (rows[..., 5] <= 0.5))
        owner, share, positive = _assign(logits, boxes, sure_rows, sure, grid)
        mine = torch.gather(sure_rows, 1, owner[..., None].expand(-1, -1, sure_rows.shape[-1]))
        what = mine[..., 4].long()
        wanted = torch.zeros_like(logits).scatter_(2, what[..., None], share[..., None])
        asked = _asked(logits, unsure_rows, unsure, positive, grid)
        over_two = _over_two(logits, boxes, sure_rows, sure) & ~positive
    score = torch.sigmoid(logits).detach()
    focus = torch.where(wanted > 0, wanted, 0.75 * score ** 2)
    # A box over two vehicles must not even be likely: its cost fades more slowly with its score than that of other wrong boxes.
    vehicle = torch.where(over_two, 0.75 * score[..., 0] * weights.over_two, focus[..., 0])
    focus = torch.cat([vehicle[..., None], focus[..., 1:]], -1)
    what_cost = (F.binary_cross_entropy_with_logits(logits, wanted, reduction="none") * focus * asked).sum() / wanted.sum().clamp(min=1)
    if positive.any():
        worth = share[positive].clamp(min=0.05)
        where_cost = ((1 - iou_of(boxes[positive], mine[positive][:, :4], True)) * worth).sum() / worth.sum()
        kind_cost = -torch.logsumexp(torch.log_softmax(kinds[positive], -1) + torch.log(mine[positive][:, 6:10].clamp(min=1e-6)), -1)
        named = (what[positive] == 0).float() * worth
        kind_cost = (kind_cost * named).sum() / named.sum().clamp(min=1)
    else:
        where_cost = kind_cost = output.sum() * 0
    return weights.what * what_cost + weights.where * where_cost + weights.kind * kind_cost, (what_cost, where_cost, kind_cost)


def _packed(rows, chosen):
    """Only the chosen boxes, as few columns as the fullest picture needs -> chosen [b, m], rows [b, m, 10]."""
    most = int(chosen.sum(1).max().clamp(min=1))
    order = torch.argsort(chosen.float(), dim=1, descending=True, stable=True)[:, :most]
    return torch.gather(chosen, 1, order), torch.gather(rows, 1, order[..., None].expand(-1, -1, rows.shape[-1]))


def _assign(logits, boxes, rows, sure, grid):
    """Task-aligned: a box is answered for by the cells in its middle whose answers fit best. -> owner [b, cells], share wanted, positive."""
    b, m = sure.shape
    truth = rows[..., :4]
    centre = (truth[..., :2] + truth[..., 2:]) / 2
    index, exists = grid.around(centre)
    k = index.shape[-1]
    flat = index.reshape(b, -1)
    at, stride = grid.points[index], grid.strides[index]
    theirs = torch.gather(boxes, 1, flat[..., None].expand(-1, -1, 4)).view(b, m, k, 4)
    scores = torch.gather(torch.sigmoid(logits), 1, flat[..., None].expand(-1, -1, logits.shape[-1])).view(b, m, k, -1)
    score = torch.gather(scores, 3, rows[..., 4].long()[..., None, None].expand(-1, -1, k, 1)).squeeze(3)
    size = (truth[..., 2:] - truth[..., :2]).max(-1)[0][..., None]
    inside = ((at > truth[:, :, None, :2]) & (at < truth[:, :, None, 2:])).all(-1)
    near = (at - centre[:, :, None]).abs().max(-1)[0] < REACH * stride
    fits = (size < stride * 24) & ((size > stride * 1.2) | (stride == STRIDES[0]))
    candidate = (inside | (size < 16)) & near & fits & exists & sure[..., None]
    overlap = iou_of(theirs, truth[:, :, None]).clamp(0, 1)
    metric = score.clamp(min=1e-6) ** 0.5 * overlap ** 4 * candidate
    worst = metric.topk(ANSWERS, -1)[0][..., -1:].clamp(min=1e-9)
    positive = (metric >= worst) & candidate & (metric > 1e-9)
    # What nothing overlaps yet is answered for by the cell nearest to its middle.
    distance = (at - centre[:, :, None]).norm(dim=-1) / stride + (~(fits & exists)) * 100.0
    nobody = sure & ~positive.any(-1)
    positive |= F.one_hot(distance.argmin(-1), k).bool() & nobody[..., None]
    metric = torch.where(positive, metric.clamp(min=1e-8), torch.zeros_like(metric))
    best = metric.max(-1, keepdim=True)[0].clamp(min=1e-9)
    share = metric / best * (overlap * positive).max(-1, keepdim=True)[0].clamp(min=0.25)
    # Of several boxes that a cell could answer for it takes the one that it fits best.
    dense = torch.zeros(b, m, grid.count, device=boxes.device).scatter_add_(2, index, metric)
    shares = torch.zeros_like(dense).scatter_add_(2, index, share * positive)
    fit, owner = dense.max(1)
    return owner, shares.gather(1, owner[:, None]).squeeze(1) * (fit > 0), fit > 0


def _asked(logits, rows, unsure, positive, grid):
    """1 where an answer costs, 0 within a box that is set aside, for what it may be."""
    asked = torch.ones_like(logits)
    if not unsure.any():
        return asked
    at = grid.points[None, None]
    within = ((at > rows[:, :, None, :2] - 2) & (at < rows[:, :, None, 2:4] + 2)).all(-1) & unsure[..., None]
    for c in range(logits.shape[-1]):
        spared = (within & (rows[..., 4].long() == c)[..., None]).any(1) & ~positive
        asked[..., c] = torch.where(spared, torch.zeros_like(asked[..., c]), asked[..., c])
    return asked


def _over_two(logits, boxes, rows, sure, share=0.7, likely=0.05):
    """[b, cells]: cells with some belief in a vehicle whose box lies over two sure vehicles or more."""
    found = torch.zeros(logits.shape[:2], dtype=torch.bool, device=logits.device)
    picture, cell = torch.nonzero(torch.sigmoid(logits[..., 0]) > likely, as_tuple=True)
    if not len(picture):
        return found
    box, truth = boxes[picture, cell][:, None], rows[picture][..., :4]
    wh = (torch.minimum(box[..., 2:], truth[..., 2:]) - torch.maximum(box[..., :2], truth[..., :2])).clamp(min=0)
    held = wh[..., 0] * wh[..., 1] / area_of(truth).clamp(min=1)
    found[picture, cell] = ((held > share) & sure[picture] & (rows[picture][..., 4] == 0)).sum(1) >= 2
    return found
