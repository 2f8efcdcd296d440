"""How well a model file does: AP50 on scenes kept back from training and on films whose every box people drew; by class, size and light."""
import csv
from collections import defaultdict
from pathlib import Path

import cv2
import numpy as np
import torch

from .errors import RecipeError
from .geometry import CLASSES, INPUT_HEIGHT, INPUT_WIDTH, iou, suppress
from .pack import frames_of
from .runner import Graph, read

VEHICLES = CLASSES[:5]
NESTING = 0.5  # overlap from which the weaker of two boxes goes
LEAST_SCORE = 0.05
SIZES = (("below 16 px", 0, 16), ("16 to 32 px", 16, 32), ("32 to 64 px", 32, 64), ("64 px and more", 64, 1e9))
HUMAN_CLASSES = {1: "car", 2: "van", 3: "truck", 4: "bus", 5: "motorcycle"}
MARKED_CLASSES = {"passenger-car": "car", "light-goods": "van", "heavy-goods": "truck", "bus": "bus", "motorcycle": "motorcycle"}


class Model:
    """A model file of ours (float32 or INT8), or one of the surveillance teachers, whose vehicles have no class."""

    def __init__(self, path):
        model = read(path)
        shape = [d.dim_value for d in model.graph.input[0].type.tensor_type.shape.dim]
        self.name, (self.height, self.width) = Path(path).stem, shape[2:]
        is_int8 = any(n.op_type == "QuantizeLinear" for n in model.graph.node)
        self.graph = Graph(model) if is_int8 else None
        self.net = None if is_int8 else cv2.dnn.readNetFromONNX(str(path))

    def look(self, picture):
        """BGR picture -> boxes [n, 4] in its pixels, scores [n], classes [n] (index of VEHICLES, -1 unknown), best first."""
        how = cv2.INTER_AREA if picture.shape[1] > 2 * self.width else cv2.INTER_LINEAR
        blob = cv2.resize(picture, (self.width, self.height), interpolation=how).transpose(2, 0, 1)[None].astype(np.float32)
        if self.graph:
            out = self.graph.run(torch.from_numpy(blob))[0].numpy()
        else:
            self.net.setInput(np.ascontiguousarray(blob))
            out = self.net.forward()[0]
        ours = out.shape[1] == 4 + len(CLASSES)
        scores = out[:, 4:9].max(1) if ours else out[:, 4]
        classes = out[:, 4:9].argmax(1) if ours else np.full(len(out), -1)
        boxes = out[:, :4] * np.array([picture.shape[1] / self.width, picture.shape[0] / self.height] * 2, np.float32)
        chosen = scores > LEAST_SCORE
        boxes, scores, classes = boxes[chosen], scores[chosen], classes[chosen]
        kept = suppress(boxes, scores, NESTING)
        return boxes[kept], scores[kept], classes[kept]


class Tally:
    """Collects matches of found and true boxes, and tells AP50, the best F1, and how many classes are right."""

    def __init__(self):
        self.records, self.asked = [], 0
        self.by_size = {name: [0, 0] for name, _, _ in SIZES}
        self.classes = defaultdict(lambda: defaultdict(int))

    def add(self, found, truth, sure, names, sides, threshold=0.4):
        """found: as Model.look gives it; truth [n, 4]; sure [n]: unsure ones are neither asked for nor wrong; names [n]: the class or
        None; sides [n]: the lesser side in pixels of the network's input."""
        boxes, scores, classes = found
        overlap, used = iou(boxes, truth), np.zeros(len(truth), bool)
        self.asked += int(sure.sum())
        for name, low, high in SIZES:
            self.by_size[name][1] += int((sure & (sides >= low) & (sides < high)).sum())
        for n in range(len(boxes)):
            free = [(bool(sure[q]), overlap[n, q], q) for q in range(len(truth)) if overlap[n, q] >= 0.5 and not used[q]]
            best = max(free, default=None)
            if best and best[0]:
                q = best[2]
                used[q] = True
                self.records.append((float(scores[n]), 1))
                if scores[n] >= threshold:
                    for name, low, high in SIZES:
                        self.by_size[name][0] += int(low <= sides[q] < high)
                    if names[q] is not None and classes[n] >= 0:
                        self.classes[names[q]][VEHICLES[classes[n]]] += 1
            elif len(truth) and overlap[n].max() >= 0.3 and not sure[overlap[n].argmax()]:
                continue
            else:
                self.records.append((float(scores[n]), 0))

    def figures(self):
        if not self.records or not self.asked:
            return dict(asked=self.asked, ap50=0.0, precision=0.0, recall=0.0, threshold=0.0, sizes={}, class_right_percent=None, classes={})
        records = sorted(self.records, key=lambda r: -r[0])
        right = np.cumsum([r[1] for r in records])
        recall, precision = right / self.asked, right / np.arange(1, len(records) + 1)
        envelope = np.maximum.accumulate(precision[::-1])[::-1]
        f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-9)
        best = int(f1.argmax())
        named = sum(sum(row.values()) for row in self.classes.values())
        correct = sum(row.get(name, 0) for name, row in self.classes.items())
        return dict(
            asked=self.asked, ap50=round(float(np.sum(np.diff(np.concatenate([[0], recall])) * envelope)), 3),
            precision=round(float(precision[best]), 3), recall=round(float(recall[best]), 3), threshold=round(records[best][0], 2),
            sizes={name: dict(asked=n, recall=round(hit / n, 3)) for name, (hit, n) in self.by_size.items() if n},
            class_right_percent=round(100 * correct / named, 1) if named else None,
            classes={name: dict(row) for name, row in self.classes.items()})


def kept_back(model, pack, lights, every=1):
    """-> figures over all scenes that were never trained on, of each scene, of each light, of people's labels only."""
    groups = defaultdict(Tally)
    for i in np.flatnonzero(pack.kept_back)[::every]:
        rows = pack.rows[i]
        rows = rows[rows[:, 4] == 0]
        sides = np.minimum((rows[:, 2] - rows[:, 0]) * INPUT_WIDTH / pack.pictures[i].shape[1], (rows[:, 3] - rows[:, 1]) * INPUT_HEIGHT / pack.pictures[i].shape[0])
        sure = (rows[:, 5] > 0.5) & (sides >= 6)
        names = [VEHICLES[int(r[6:10].argmax())] if (r[6:10] > 0).sum() == 1 else None for r in rows]
        found = model.look(pack.pictures[i])
        scene = pack.scenes[i]
        for key in ("all", f"scene {scene}", f"light {lights.get(scene, 'unknown')}") + (("people's labels",) if pack.sources[i] == "human" else ()):
            groups[key].add(found, rows[:, :4], sure, names, sides)
    return {key: tally.figures() for key, tally in groups.items()}


def films(model, data, names, every=6):
    """Films of data/clips with people's boxes in data/boxes/NAME.gt.txt -> figures of each."""
    result = {}
    for name in names:
        truth = defaultdict(list)
        for row in csv.reader((Path(data) / "boxes" / f"{name}.gt.txt").open()):
            x, y, w, h = map(float, row[2:6])
            truth[int(row[0]) - 1].append((x, y, x + w, y + h, HUMAN_CLASSES.get(int(row[7]))))
        tally = Tally()
        for k, picture in enumerate(frames_of(Path(data) / "clips" / f"{name}.mp4")):
            if k % every:
                continue
            boxes = np.array([t[:4] for t in truth[k]], np.float32).reshape(-1, 4)
            sides = np.minimum((boxes[:, 2] - boxes[:, 0]) * INPUT_WIDTH / picture.shape[1], (boxes[:, 3] - boxes[:, 1]) * INPUT_HEIGHT / picture.shape[0])
            tally.add(model.look(picture), boxes, np.ones(len(boxes), bool), [t[4] for t in truth[k]], sides)
        result[name] = tally.figures()
    return result


def marked(model, data, table, least=0.3):
    """Vehicles that people marked once (table: clip, time_s, x, y, width, height as shares of the picture, class, colour) -> how many are
    found, and how many have the right class, of one picture each and without a vote over a track."""
    wanted = defaultdict(list)
    for row in csv.DictReader(Path(table).open()):
        wanted[row["clip"]].append(row)
    asked, found, classes = 0, 0, defaultdict(lambda: defaultdict(int))
    for clip, rows in wanted.items():
        film = cv2.VideoCapture(str(Path(data) / "clips" / f"{clip}.mp4"))
        rate = film.get(cv2.CAP_PROP_FPS)
        film.release()
        at = defaultdict(list)
        for row in rows:
            at[round(float(row["time_s"]) * rate)].append(row)
        for k, picture in enumerate(frames_of(Path(data) / "clips" / f"{clip}.mp4")):
            if k not in at:
                continue
            boxes, scores, kinds = model.look(picture)
            boxes, kinds = boxes[scores > least], kinds[scores > least]
            for row in at[k]:
                asked += 1
                x, y, w, h = (float(row[c]) for c in ("x", "y", "width", "height"))
                box = np.array([x, y, x + w, y + h]) * np.array([picture.shape[1], picture.shape[0]] * 2)
                overlap = iou(box, boxes)[0]
                if len(overlap) and overlap.max() >= 0.5:
                    found += 1
                    if row["class"] in MARKED_CLASSES and kinds[overlap.argmax()] >= 0:
                        classes[MARKED_CLASSES[row["class"]]][VEHICLES[kinds[overlap.argmax()]]] += 1
    named, right = sum(sum(r.values()) for r in classes.values()), sum(r.get(c, 0) for c, r in classes.items())
    return dict(asked=asked, found=found, named=named, class_right_percent=round(100 * right / named, 1) if named else None, classes={c: dict(r) for c, r in classes.items()})


def lights_of(sources):
    """sources.tsv -> {scene: day, dusk or night}; what is rendered is not in it."""
    lights = {}
    for row in read_sources(sources):
        text = row["light_weather"].lower()
        scene = row["folder"].replace("unclear/jamcam__", "tfl__jamcam__").replace("unclear/krishan__", "tfl__krishan__")
        lights[scene] = "night" if "night" in text else "dusk" if "dusk" in text else "day"
    return lights


def read_sources(path):
    try:
        with Path(path).open() as f:
            rows = list(csv.DictReader(f, delimiter="\t"))
    except OSError as e:
        raise RecipeError(f"{path}: expected the table of sources, found: {e}") from e
    missing = {"folder", "repo", "commit", "licence", "n_pictures", "human_labels", "light_weather"} - set(rows[0] if rows else ())
    if missing:
        raise RecipeError(f"{path} lacks the columns {', '.join(sorted(missing))}: they are separated by tabs")
    return rows
