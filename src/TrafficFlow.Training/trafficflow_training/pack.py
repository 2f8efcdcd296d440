"""Reads the pack: pictures of each scene as a small film, labels.json (people's and the renderer's) and teach.json (the teachers')."""
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from .errors import RecipeError
from .geometry import CANVAS_HEIGHT, CANVAS_WIDTH, covers_several, iou

DETECTED = dict(car=0, van=0, truck=0, bus=0, motorcycle=1, person=2, bicycle=3)
KINDS = ("car", "van", "truck", "bus")
COLUMNS = 10  # x0 y0 x1 y1 | what (0 vehicle, 1 motorcycle, 2 person, 3 bicycle) | sure | may be car, van, truck, bus
KEPT_BACK_EVERY = 8
# What people meant by a class where their set of labels had no van (and one called buses lorries): others that it may be, with a share.
MEANT = dict(
    atl2=dict(car=dict(van=0.3), truck=dict(van=0.5)),
    dssg=dict(car=dict(van=0.3), truck=dict(van=0.5)),
    rf100vehicles=dict(car=dict(van=0.3), truck=dict(van=0.2)),
    manaus=dict(car=dict(van=0.3), truck=dict(van=0.3, bus=1.0)),
)


@dataclass
class Pack:
    """pictures [n, height, width, 3] BGR uint8; rows: n arrays [boxes, COLUMNS] in canvas pixels; scene and source (human, teacher,
    synth) of each picture; kept_back [n]: never trained on."""

    pictures: np.ndarray
    rows: list
    scenes: list
    sources: list
    kept_back: np.ndarray


def is_kept_back(scene, source):
    """Every eighth real scene, by the hash of its name: the same ones for ever."""
    return source != "synth" and int(hashlib.sha1(scene.encode()).hexdigest(), 16) % KEPT_BACK_EVERY == 0


def frames_of(path):
    """Yields the pictures of a film."""
    film = cv2.VideoCapture(str(path))
    if not film.isOpened():
        raise RecipeError(f"{path} cannot be read as a film: expected HEVC in MP4, as `pack` writes it")
    while True:
        ok, picture = film.read()
        if not ok:
            return
        yield picture


def read_pack(folder, scenes=None):
    """folder: with labels.json, teach.json and one film a scene; scenes: only those, by default all."""
    folder = Path(folder)
    labels = read_json(folder / "labels.json", "write it with `pack`")
    taught = read_json(folder / "teach.json", "write it with `label`") if (folder / "teach.json").exists() else {}
    if isinstance(taught, list):  # only the names of the scenes that wait for the teachers
        taught = {}
    pack = Pack([], [], [], [], None)
    for scene in sorted(labels if scenes is None else scenes):
        if scene not in labels:
            raise RecipeError(f"{folder}/labels.json knows no scene {scene}: it has {len(labels)}, the first is {sorted(labels)[0]}")
        source, own = labels[scene]["source"], labels[scene]["frames"]
        pictures = list(frames_of(folder / f"{scene}.mp4"))
        if len(pictures) != len(own):
            raise RecipeError(f"{folder}/{scene}.mp4 has {len(pictures)} pictures, labels.json {len(own)}: pack the scene again")
        for k, picture in enumerate(pictures):
            if picture.shape[:2] != (CANVAS_HEIGHT, CANVAS_WIDTH):
                raise RecipeError(f"{folder}/{scene}.mp4 is {picture.shape[1]}x{picture.shape[0]}, expected {CANVAS_WIDTH}x{CANVAS_HEIGHT}")
            teacher = taught[scene][k] if scene in taught and k < len(taught[scene]) else []
            pack.pictures.append(picture)
            pack.rows.append(targets(own[k], teacher, source, MEANT.get(scene.split("__")[0], {})))
            pack.scenes.append(scene)
            pack.sources.append(source)
    pack.pictures = np.stack(pack.pictures)
    pack.kept_back = np.array([is_kept_back(n, s) for n, s in zip(pack.scenes, pack.sources)])
    return pack


def joined(packs):
    """Several packs as one; a scene is in one of them only."""
    seen = set()
    for pack in packs:
        if twice := seen & set(pack.scenes):
            raise RecipeError(f"scene {min(twice)} is in two packs: give one of them another name")
        seen |= set(pack.scenes)
    return packs[0] if len(packs) == 1 else Pack(
        np.concatenate([p.pictures for p in packs]), [r for p in packs for r in p.rows], [s for p in packs for s in p.scenes],
        [s for p in packs for s in p.sources], np.concatenate([p.kept_back for p in packs]))


def read_json(path, remedy):
    try:
        return json.loads(Path(path).read_text())
    except (OSError, ValueError) as e:
        raise RecipeError(f"{path}: expected a JSON file, found: {e}; {remedy}") from e


def targets(own, teacher, source, meant=None):
    """Labels of one picture -> rows [boxes, COLUMNS]. People's and the renderer's come first, with the teachers' class where people
    gave none; what only the teachers saw beside people's is asked for when many teachers agreed and set aside otherwise.
    A label: [x0, y0, x1, y1, kind, classes or null, score]; kind: v vehicle, c two-wheeler, p person, and i before it where it is
    unsure. meant: {class: {other class that it may be: share}}."""
    rows = []
    if own is None or source != "human":
        for label in teacher if own is None else own:
            rows += _rows(label, label[5], not label[4].startswith("i"), {})
    else:
        overlap = iou([o[:4] for o in own], [t[:4] for t in teacher])
        for k, label in enumerate(own):
            classes = label[5]
            if not classes and len(teacher) and overlap[k].max() > 0.6:
                classes = teacher[int(overlap[k].argmax())][5]
            rows += _rows(label, classes, not label[4].startswith("i"), meant or {})
        for k, label in enumerate(teacher):
            if not len(own) or overlap[:, k].max() < 0.3:
                rows += _rows(label, label[5], label[6] >= 9 and not label[4].startswith("i"), {})
    rows = np.array(rows, np.float32).reshape(-1, COLUMNS)
    if teacher:
        _doubt_rows_of_vehicles(rows)
    return rows


def _rows(label, classes, sure, meant):
    box, kind = label[:4], label[4][-1]
    named = [c for c in classes or [] if c in DETECTED and (DETECTED[c] == 0) == (kind == "v")]
    what = sorted({DETECTED[c] for c in named}) or {"v": [0], "p": [2], "c": [1, 3]}[kind]
    may_be = [max([float(k == c) for c in named] + [meant.get(c, {}).get(k, 0.0) for c in named] + [0.0]) for k in KINDS]
    if not any(may_be):
        may_be = [1.0] * 4
    return [[*box, w, float(sure and len(what) == 1), *may_be] for w in what]


def _doubt_rows_of_vehicles(rows):
    """A box over two sure vehicles is set aside: teachers see rows of vehicles as one, and so would the pupil."""
    sure = np.flatnonzero((rows[:, 4] == 0) & (rows[:, 5] > 0.5))
    for i in sure:
        others = [j for j in sure if j != i]
        if covers_several(rows[i, :4], rows[others, :4], 0.85):
            rows[i, 5] = 0
