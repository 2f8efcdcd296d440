"""Pastes vehicles in front of vehicles, so that queues are learned, and pieces of empty street and of other places, so that not
everything with edges is a vehicle."""
import random

import numpy as np
import torch
import torch.nn.functional as F

from .augmentation import hide
from .geometry import cover, iou


def paste(x, rows, valid, vehicles=0.4, pieces=0.3, panels=0.3):
    """One batch, in place, before the light is changed: x [b, 3, h, w] 0..255, rows [b, m, 10] with free places where not valid.
    The numbers are the shares of the pictures that get vehicles, pieces of street, and panels as cameras draw them."""
    source = x.clone()
    known = [rows[i][valid[i]].cpu().numpy() for i in range(len(x))]
    for i in range(len(x)):
        if random.random() < vehicles:
            _paste_vehicles(x, rows, valid, i, source, known)
        if random.random() < pieces:
            _paste_piece(x, rows, valid, i, source, known)
        if random.random() < panels:
            _paste_panel(x[i], rows[i], valid[i])


def _paste_vehicles(x, rows, valid, i, source, known):
    here = known[i]
    behind = here[(here[:, 5] > 0.5) & (here[:, 4] == 0)]
    donors = [(j, r) for j in range(len(x)) for r in _whole(known[j], source.shape)]
    if not len(behind) or not donors:
        return
    for _ in range(random.randint(1, 4)):
        j, donor = random.choice(donors)
        target = random.choice(behind)
        w, h = donor[2] - donor[0], donor[3] - donor[1]
        size = (target[3] - target[1]) * random.uniform(0.85, 1.35) / h
        if not 0.4 < size < 1.8 or h * size < 8:
            continue
        w, h = w * size, h * size
        middle = (target[0] + target[2]) / 2 + random.uniform(-0.75, 0.75) * w
        bottom = target[3] + random.uniform(0.15, 0.9) * h
        box = _fitted([middle - w / 2, bottom - h, middle + w / 2, bottom], x.shape)
        if box is None or iou(box, known[i][:, :4]).max() > 0.5 or (cover(box, known[i][:, :4])[0] > 0.7).any():
            continue
        free = torch.nonzero(~valid[i])
        if not len(free):
            return
        _blend(x[i], source[j], donor[:4], box)
        hide(rows[i], valid[i], box, doubtful=0.55)
        rows[i, free[0, 0]] = torch.tensor([*box, *donor[4:]], dtype=rows.dtype, device=rows.device)
        valid[i, free[0, 0]] = True
        known[i] = rows[i][valid[i]].cpu().numpy()


def _whole(rows, shape):
    """Sure vehicles and two-wheelers of one picture that nothing hides or cuts."""
    inside = (rows[:, 0] > 1) & (rows[:, 1] > 1) & (rows[:, 2] < shape[3] - 1) & (rows[:, 3] < shape[2] - 1)
    large = (rows[:, 2:4] - rows[:, :2]).min(1, initial=1e9) >= 12
    alone = (cover(rows[:, :4], rows[:, :4]) * (1 - np.eye(len(rows)))).max(0, initial=0) < 0.12
    return rows[inside & large & alone & (rows[:, 5] > 0.5) & np.isin(rows[:, 4], (0, 1))]


def _paste_piece(x, rows, valid, i, source, known):
    """A piece in which nothing is known, of any picture of the batch, anywhere: kerbs, signs, shop fronts, trees, shadows."""
    height, width = x.shape[2:]
    for _ in range(random.randint(1, 3)):
        j, w, h = random.randrange(len(x)), random.randint(16, 110), random.randint(16, 80)
        a, b = random.randint(0, width - w), random.randint(0, height - h)
        piece = [a, b, a + w, b + h]
        if len(known[j]) and cover(piece, known[j][:, :4]).max() > 0.02:
            continue
        size = random.uniform(0.5, 1.6)
        middle, bottom = random.uniform(0, width), random.uniform(0, height)
        box = _fitted([middle - w * size / 2, bottom - h * size, middle + w * size / 2, bottom], x.shape)
        if box is None or (len(known[i]) and cover(box, known[i][:, :4]).max() > 0.5):
            continue
        _blend(x[i], source[j], piece, box, square=random.random() < 0.5)
        hide(rows[i], valid[i], box)


def _paste_panel(x, rows, valid):
    """The clock, the name of the street and the owner's mark that cameras draw into their pictures."""
    height, width = x.shape[1:]
    for _ in range(random.randint(1, 3)):
        w, h = random.randint(40, 200), random.randint(10, 36)
        a, b = random.choice((0, width - w, random.randint(0, width - w))), random.choice((0, height - h))
        shade, ink = random.uniform(0, 255), random.uniform(0, 255)
        if random.random() < 0.6:
            x[:, b:b + h, a:a + w] = x[:, b:b + h, a:a + w] * 0.25 + shade * 0.75
        strokes = (torch.rand(1, 6, max(4, w // 3), device=x.device) < 0.4).float()[None]
        strokes = F.interpolate(strokes, size=(h - 4, w - 4))[0, 0] > 0.5
        x[:, b + 2:b + h - 2, a + 2:a + w - 2][:, strokes] = ink
        hide(rows, valid, [a, b, a + w, b + h])


def _fitted(box, shape):
    """Whole pixels within the picture, or none where little of it is inside."""
    x0, y0, x1, y1 = [int(round(v)) for v in box]
    if x0 < 0 or y0 < 0 or x1 > shape[3] or y1 > shape[2] or x1 - x0 < 6 or y1 - y0 < 6:
        return None
    return [x0, y0, x1, y1]


def _blend(into, source, piece, box, square=False):
    """Copies `piece` of source [3, h, w] to `box` of into, with soft edges; round ones keep the donor's street out of the corners."""
    x0, y0, x1, y1 = [int(round(float(v))) for v in piece]
    w, h = box[2] - box[0], box[3] - box[1]
    patch = source[None, :, max(y0, 0):y1, max(x0, 0):x1]
    patch = F.interpolate(patch, size=(h, w), mode="bilinear" if patch.shape[3] < 2 * w else "area")[0]
    u = torch.linspace(-1, 1, w, device=into.device).abs()[None]
    v = torch.linspace(-1, 1, h, device=into.device).abs()[:, None]
    far = torch.maximum(u.expand(h, w), v.expand(h, w)) if square else (u ** 4 + v ** 4) ** 0.25
    mask = ((1.04 - far) / 0.08).clamp(0, 1)
    place = into[:, box[1]:box[3], box[0]:box[2]]
    place.copy_(place * (1 - mask) + patch * mask)
