"""What happens to pictures before they are learned from: another place and lens, another light, another camera."""
import math
import random

import torch
import torch.nn.functional as F

from .geometry import CANVAS_HEIGHT, CANVAS_WIDTH, INPUT_HEIGHT, INPUT_WIDTH


def place(pictures, rows, valid, height=INPUT_HEIGHT, width=INPUT_WIDTH, zoom=(0.65, 2.0), stretch=0.25):
    """Zooms, shifts, stretches, turns, shears and mirrors. pictures [b, 3, canvas] 0..255, rows [b, m, 10], valid [b, m]
    -> the same at height x width, boxes in its pixels; what is cut by half or tiny is set aside."""
    b, device = len(pictures), pictures.device

    def uniform(low, high):
        return torch.empty(b, device=device).uniform_(low, high)

    zero, one = torch.zeros(b, device=device), torch.ones(b, device=device)
    plain = torch.rand(b, device=device) < 0.15
    scale = torch.where(plain, one, torch.exp(uniform(math.log(zoom[0]), math.log(zoom[1]))))
    aspect = torch.where(plain, one, torch.exp(uniform(-stretch, stretch)))
    angle, shear = torch.where(plain, zero, uniform(-0.07, 0.07)), torch.where(plain, zero, uniform(-0.08, 0.08))
    mirror = torch.where(torch.rand(b, device=device) < 0.5, -one, one)
    # Output point, -1..1 -> canvas point: centre + A p.
    zx, zy, ratio = 1 / (scale * aspect), aspect / scale, CANVAS_WIDTH / CANVAS_HEIGHT
    cos, sin = torch.cos(angle), torch.sin(angle)
    affine = torch.stack([
        torch.stack([zx * cos * mirror, zy * (-sin / ratio + shear), torch.where(plain, zero, uniform(-1, 1) * ((1 - zx).abs() + 0.08))], 1),
        torch.stack([zx * sin * ratio * mirror, zy * cos, torch.where(plain, zero, uniform(-1, 1) * ((1 - zy).abs() + 0.08))], 1)], 1)
    grid = F.affine_grid(affine, (b, 3, height, width), align_corners=False)
    out = F.grid_sample(pictures.float() - 114.0, grid, mode="bilinear", padding_mode="zeros", align_corners=False) + 114.0

    rows, valid = rows.clone(), valid.clone()
    corners = torch.stack([rows[..., [0, 1]], rows[..., [2, 1]], rows[..., [0, 3]], rows[..., [2, 3]]], 2)
    size = torch.tensor([CANVAS_WIDTH, CANVAS_HEIGHT], device=device)
    corners = corners / size * 2 - 1 - affine[:, None, None, :, 2]
    corners = torch.einsum("bij,bmkj->bmki", torch.linalg.inv(affine[:, :, :2]), corners)
    limit = torch.tensor([width, height], device=device).float()
    corners = (corners + 1) / 2 * limit
    low, high = corners.min(2)[0], corners.max(2)[0]
    full = (high - low).clamp(min=1e-3)
    low, high = low.clamp(min=0), torch.minimum(high, limit)
    left = (high - low).clamp(min=0)
    share = left.prod(-1) / full.prod(-1)
    rows[..., :2], rows[..., 2:4] = low, high
    rows[..., 5] = torch.where((share < 0.45) | (left.min(-1)[0] < 5), torch.zeros_like(share), rows[..., 5])
    return out, rows, valid & (left.min(-1)[0] > 1.5) & (share > 0.05)


def mosaic(pictures, rows, valid, most=110):
    """Four half-size pictures each -> one. pictures [4 n, 3, h, w] -> [n, 3, 2 h, 2 w]; at most `most` boxes stay, the sure and large first."""
    n, _, h, w = pictures.shape
    n //= 4
    p = pictures.view(n, 4, 3, h, w)
    whole = torch.cat([torch.cat([p[:, 0], p[:, 1]], 3), torch.cat([p[:, 2], p[:, 3]], 3)], 2)
    shift = torch.tensor([[0, 0], [w, 0], [0, h], [w, h]], device=pictures.device).float()[None, :, None]
    rows = rows.view(n, 4, -1, rows.shape[-1]).clone()
    rows[..., :2] += shift
    rows[..., 2:4] += shift
    rows, valid = rows.flatten(1, 2), valid.view(n, -1)
    worth = valid.float() * (1 + rows[..., 5] + 0.5 * torch.sigmoid((rows[..., 2:4] - rows[..., :2]).amin(-1) / 10))
    order = torch.argsort(worth, dim=1, descending=True)[:, :most]
    return whole, torch.gather(rows, 1, order[..., None].expand(-1, -1, rows.shape[-1])), torch.gather(valid, 1, order)


def relight(x):
    """Colour, contrast, brightness, tint, gamma, blur or sharpening, coarse pixels, noise. x [b, 3, h, w] 0..255 -> the same."""
    x = x / 255

    def some(chance, change):
        # Only the chosen pictures are worked on: on a processor this is half the cost of a batch.
        chosen = torch.nonzero(torch.rand(len(x), device=x.device) < chance).flatten()
        if len(chosen):
            x[chosen] = change(x[chosen])

    def uniform(like, low, high, channels=1):
        return torch.empty(len(like), channels, 1, 1, device=x.device).uniform_(low, high)

    def coarser(p):
        small = F.interpolate(p, scale_factor=random.choice((0.5, 0.65, 0.8)), mode="area")
        return F.interpolate(small, size=p.shape[2:], mode="nearest" if random.random() < 0.25 else "bilinear")

    some(0.5, lambda p: _towards(p.mean(1, keepdim=True), p, uniform(p, 0.2, 1.6)))
    some(0.08, lambda p: p.mean(1, keepdim=True).expand_as(p))
    some(0.6, lambda p: _towards(p.mean((1, 2, 3), keepdim=True), p, uniform(p, 0.55, 1.45)))
    some(0.6, lambda p: p * uniform(p, 0.55, 1.5))
    some(0.5, lambda p: p * uniform(p, 0.82, 1.2, 3))
    x.clamp_(0, 1)
    some(0.35, lambda p: p.clamp(min=1e-4) ** torch.exp(uniform(p, -0.7, 0.8)))
    some(0.2, _blur)
    some(0.1, lambda p: _blur(_blur(p)))
    some(0.2, coarser)
    # Cheap cameras sharpen what they have made coarse: halos around every edge.
    some(0.25, lambda p: _towards(_blur(p), p, uniform(p, 1.5, 3.5)).clamp(0, 1))
    some(0.4, lambda p: p + torch.randn_like(p) * uniform(p, 0, 0.035))
    return x.clamp(0, 1) * 255


def _towards(start, end, share):
    return start + (end - start) * share


def _blur(x):
    k = torch.tensor([1.0, 2.0, 1.0], device=x.device)
    k = k[:, None] * k[None] / 16
    return F.conv2d(F.pad(x, (1, 1, 1, 1), mode="replicate"), k.expand(3, 1, 3, 3), groups=3)


def blacken(x, rows, valid, chance=0.22):
    """Masks as sites have them: black bars, whole or in part, in place. What they hide is not asked for."""
    height, width = x.shape[2:]
    for i in range(len(x)):
        if random.random() > chance:
            continue
        for _ in range(random.choice((1, 1, 2))):
            deep, side = random.uniform(0.08, 0.35), random.randrange(4)
            x0, y0, x1, y1 = ((0, 0, 1, deep), (0, 1 - deep * 0.6, 1, 1), (0, 0, deep, 1), (1 - deep, 0, 1, 1))[side]
            if random.random() < 0.5:
                a, b = random.uniform(0, 0.6), random.uniform(0.2, 0.6)
                x0, x1, y0, y1 = (a, min(1, a + b), y0, y1) if side < 2 else (x0, x1, a, min(1, a + b))
            box = [int(x0 * width), int(y0 * height), int(x1 * width), int(y1 * height)]
            x[i, :, box[1]:box[3], box[0]:box[2]] = 0
            hide(rows[i], valid[i], box)


def hide(rows, valid, box, doubtful=0.35, gone=0.9):
    """Sets aside, in place, the boxes of one picture of which `box` hides the doubtful share, and forgets those nearly gone."""
    low = torch.maximum(rows[:, :2], torch.tensor(box[:2], device=rows.device, dtype=rows.dtype))
    high = torch.minimum(rows[:, 2:4], torch.tensor(box[2:], device=rows.device, dtype=rows.dtype))
    share = (high - low).clamp(min=0).prod(-1) / (rows[:, 2:4] - rows[:, :2]).prod(-1).clamp(min=1)
    valid &= share < gone
    rows[:, 5] = torch.where(share > doubtful, torch.zeros_like(share), rows[:, 5])
