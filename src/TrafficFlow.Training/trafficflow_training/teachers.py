"""Three published detectors, through OpenCV's own engine, each of which looks at a picture six times: whole, mirrored, four magnified parts."""
from pathlib import Path

import cv2
import numpy as np

from .errors import RecipeError
from .geometry import CANVAS_HEIGHT, CANVAS_WIDTH, suppress

# Of the files in shared/models: name, input width and height, the score from which the model itself is sure.
SURVEILLANCE = (("pvb_2004_256x448.onnx", 448, 256, 0.33), ("pvb_2003_384x480.onnx", 480, 384, 0.26))
COCO = ("nanodet_plus_m_384x640.onnx", 640, 384, 0.42)
COCO_ROWS = (2, 7, 5, 3, 0, 1)  # car, truck, bus, motorcycle, person, bicycle
MEAN, DEVIATION = np.array([103.53, 116.28, 123.675], np.float32), np.array([57.375, 57.12, 58.395], np.float32)


class Teachers:
    """look(picture) -> list of (teacher, view, boxes [n, 4] in canvas pixels, scores [n] with 1 = sure, classes [n])."""

    def __init__(self, folder, threads=1):
        cv2.setNumThreads(threads)
        self.nets = {}
        for name in [s[0] for s in SURVEILLANCE] + [COCO[0]]:
            path = Path(folder) / name
            if not path.exists():
                raise RecipeError(f"{path} is missing: give the folder with {', '.join([s[0] for s in SURVEILLANCE] + [COCO[0]])} as --teachers")
            self.nets[name] = cv2.dnn.readNetFromONNX(str(path))
        self.points, self.strides = _cells(COCO[1], COCO[2], (8, 16, 32, 64))

    def look(self, picture):
        seen = []
        for name, width, height, sure in SURVEILLANCE:
            for view, (boxes, scores, classes) in enumerate(_views(picture, lambda p: self._surveillance(name, p, width, height))):
                seen.append((name, view, boxes, scores / sure, classes))
        for view, (boxes, scores, classes) in enumerate(_views(picture, self._coco)):
            seen.append((COCO[0], view, boxes, scores / COCO[3], classes))
        return seen

    def _run(self, name, blob):
        self.nets[name].setInput(np.ascontiguousarray(blob))
        return self.nets[name].forward()[0]

    def _surveillance(self, name, picture, width, height):
        """Classes: 0 vehicle, 1 person, 2 two-wheeler."""
        how = cv2.INTER_AREA if picture.shape[1] > 2 * width else cv2.INTER_LINEAR
        small = cv2.resize(picture, (width, height), interpolation=how)
        out = self._run(name, small.transpose(2, 0, 1)[None].astype(np.float32))
        boxes = out[:, :4] * np.array([picture.shape[1] / width, picture.shape[0] / height] * 2, np.float32)
        return _best(boxes, out[:, 4:7], 0.06)

    def _coco(self, picture):
        """Classes: by COCO_ROWS."""
        _, width, height, _ = COCO
        scale = min(width / picture.shape[1], height / picture.shape[0])
        w, h = int(picture.shape[1] * scale), int(picture.shape[0] * scale)
        left, top = (width - w) // 2, (height - h) // 2
        frame = np.zeros((height, width, 3), np.float32)
        frame[top:top + h, left:left + w] = cv2.resize(picture, (w, h))
        out = self._run(COCO[0], ((frame - MEAN) / DEVIATION).transpose(2, 0, 1)[None])
        far = out[:, 80:].reshape(-1, 4, 8)
        far = np.exp(far - far.max(2, keepdims=True))
        far = (far / far.sum(2, keepdims=True) * np.arange(8)).sum(2) * self.strides[:, None]
        boxes = np.concatenate([self.points - far[:, :2], self.points + far[:, 2:]], 1)
        return _best((boxes - np.array([left, top] * 2, np.float32)) / scale, out[:, COCO_ROWS], 0.2)


def _best(boxes, scores, least):
    best, classes = scores.max(1), scores.argmax(1)
    chosen = best > least
    boxes, best, classes = boxes[chosen], best[chosen], classes[chosen]
    kept = suppress(boxes, best, 0.6)
    return boxes[kept], best[kept], classes[kept]


def _cells(width, height, strides):
    shapes = [(-(-width // k), -(-height // k), k) for k in strides]
    points = [np.stack(np.meshgrid(np.arange(w), np.arange(h)), -1).reshape(-1, 2).astype(np.float32) * k for w, h, k in shapes]
    return np.concatenate(points), np.concatenate([np.full(w * h, k, np.float32) for w, h, k in shapes])


def _views(picture, look):
    """-> three answers in canvas pixels: of the whole, of its mirror image, of four parts together (without what their edges cut)."""
    answers = [look(picture)]
    boxes, scores, classes = look(np.ascontiguousarray(picture[:, ::-1]))
    boxes = boxes.copy()
    boxes[:, [0, 2]] = CANVAS_WIDTH - boxes[:, [2, 0]]
    answers.append((boxes, scores, classes))
    w, h, parts = int(CANVAS_WIDTH * 0.6), int(CANVAS_HEIGHT * 0.6), []
    for x in (0, CANVAS_WIDTH - w):
        for y in (0, CANVAS_HEIGHT - h):
            b, s, c = look(np.ascontiguousarray(picture[y:y + h, x:x + w]))
            cut = ((b[:, 0] < 3) & (x > 0)) | ((b[:, 1] < 3) & (y > 0)) | ((b[:, 2] > w - 3) & (x == 0)) | ((b[:, 3] > h - 3) & (y == 0))
            parts.append((b[~cut] + np.array([x, y, x, y], np.float32), s[~cut], c[~cut]))
    boxes, scores, classes = (np.concatenate([p[i] for p in parts]) for i in range(3))
    kept = suppress(boxes, scores, 0.5)
    answers.append((boxes[kept], scores[kept], classes[kept]))
    return answers
