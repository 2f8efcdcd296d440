"""Boxes, classes and picture sizes that all steps share. Boxes are corners x0, y0, x1, y1 in pixels."""
import numpy as np

CANVAS_WIDTH, CANVAS_HEIGHT = 672, 384  # every picture of the pack is stretched to this: 1.5 times the network's input
INPUT_WIDTH, INPUT_HEIGHT = 448, 256
CLASSES = ("car", "van", "truck", "bus", "motorcycle", "person", "bicycle")
STRIDES = (8, 16, 32)


def area(boxes):
    """boxes [..., 4] -> [...] square pixels; a turned-over box has none."""
    return np.clip(boxes[..., 2] - boxes[..., 0], 0, None) * np.clip(boxes[..., 3] - boxes[..., 1], 0, None)


def intersection(a, b):
    """a [n, 4], b [m, 4] -> [n, m] square pixels."""
    a, b = np.asarray(a, np.float32).reshape(-1, 4), np.asarray(b, np.float32).reshape(-1, 4)
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    return np.prod(np.clip(high - low, 0, None), axis=2)


def iou(a, b):
    """a [n, 4], b [m, 4] -> intersection over union [n, m]."""
    a, b = np.asarray(a, np.float32).reshape(-1, 4), np.asarray(b, np.float32).reshape(-1, 4)
    shared = intersection(a, b)
    return shared / np.maximum(area(a)[:, None] + area(b)[None] - shared, 1e-9)


def cover(a, b):
    """a [n, 4], b [m, 4] -> [n, m]: the share of b's area that lies within a."""
    b = np.asarray(b, np.float32).reshape(-1, 4)
    return intersection(a, b) / np.maximum(area(b)[None], 1e-9)


def suppress(boxes, scores, limit=0.55):
    """Non-maximum suppression -> indices of the boxes that stay, best first."""
    order, kept = np.argsort(-scores, kind="stable"), []
    while len(order):
        best, order = order[0], order[1:]
        kept.append(best)
        order = order[iou(boxes[best], boxes[order])[0] < limit]
    return np.array(kept, int)


def covers_several(box, others, share=0.75):
    """Whether a box lies over two or more of the others: then it is no vehicle but the row of them."""
    if len(others) < 2:
        return False
    inside = np.asarray(others, np.float32).reshape(-1, 4)[cover(box, others)[0] >= share]
    # Two boxes of one vehicle are not two vehicles.
    return len(inside) >= 2 and len(suppress(inside, area(inside), 0.5)) >= 2
