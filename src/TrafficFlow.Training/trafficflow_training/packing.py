"""Packs pictures of all scenes into small films of one size, and people's and the renderer's labels into labels.json."""
import csv
import json
import subprocess
from pathlib import Path

import cv2

from .drafts import draft, write_text
from .errors import RecipeError
from .geometry import CANVAS_HEIGHT, CANVAS_WIDTH
from .pack import read_json

ENDINGS = {".jpg", ".jpeg", ".png"}
CLASSES = {
    "passenger-car": "car", "light-goods": "van", "heavy-goods": "truck", "bus": "bus", "motorcycle": "motorcycle", "person": "person",
    "bicycle": "bicycle"}
KIND = dict(motorcycle="c", bicycle="c", person="p")
LEAST_VISIBLE, SURELY_VISIBLE, LEAST_SIDE = 0.08, 0.35, 6


def pack(real, rendered, folder, quality=23, say=print):
    """real: a folder with one folder a scene, pictures and, where people labelled them, labels.json in each: [{file, width, height,
    boxes: [[x0, y0, x1, y1, class]]}]; rendered: the same with boxes.csv as the renderer writes it, or None. Writes SCENE.mp4,
    labels.json and teach.json (the scenes that wait for the teachers) to folder. Films that are there stay."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    labels, waiting, total = {}, [], 0
    for scene in _scenes(rendered) if rendered else []:
        files = _pictures(scene)
        if files and (scene / "boxes.csv").exists():
            labels[scene.name] = dict(source="synth", frames=_rendered(scene / "boxes.csv", files))
            _film(folder / f"{scene.name}.mp4", files, quality)
            total += len(files)
    for scene in _scenes(real) if real else []:
        files = _pictures(scene)
        if not files:
            continue
        if scene.name in labels:
            raise RecipeError(f"scene {scene.name} is there as real and as rendered pictures: rename one of them")
        known = {Path(x["file"]).name: x for x in read_json(scene / "labels.json", "leave it out where nobody labelled")} if (scene / "labels.json").exists() else None
        labels[scene.name] = dict(source="teacher" if known is None else "human", frames=[_by_people(known and known.get(f.name)) for f in files])
        _film(folder / f"{scene.name}.mp4", files, quality)
        waiting.append(scene.name)
        total += len(files)
    if not labels:
        raise RecipeError("no scene was found: expected one folder a scene, with .jpg or .png pictures in it")
    write_text(folder / "labels.json", json.dumps(labels))
    if not (folder / "teach.json").exists():
        write_text(folder / "teach.json", json.dumps(waiting))
    size = sum(f.stat().st_size for f in folder.glob("*.mp4"))
    say(f"{len(labels)} scenes, {total} pictures, {len(waiting)} scenes for the teachers, {size / 2 ** 20:.1f} MiB")


def _scenes(folder):
    folder = Path(folder)
    if not folder.is_dir():
        raise RecipeError(f"{folder}: expected a folder with one folder a scene, found none")
    return sorted(d for d in folder.iterdir() if d.is_dir())


def _pictures(scene):
    return sorted(f for f in scene.iterdir() if f.suffix.lower() in ENDINGS)


def _film(path, files, quality):
    if path.exists():
        return
    with draft(path) as unfinished:
        _encode(path, unfinished, files, quality)


def _encode(path, unfinished, files, quality):
    command = [
        "ffmpeg", "-y", "-loglevel", "error", "-f", "rawvideo", "-pix_fmt", "bgr24", "-s", f"{CANVAS_WIDTH}x{CANVAS_HEIGHT}", "-r", "25", "-i", "-",
        "-c:v", "libx265", "-preset", "medium", "-crf", str(quality), "-pix_fmt", "yuv420p",
        "-x265-params", "log-level=error:bframes=3:keyint=60:scenecut=40", "-tag:v", "hvc1", str(unfinished)]
    try:
        process = subprocess.Popen(command, stdin=subprocess.PIPE)
    except FileNotFoundError as e:
        raise RecipeError("ffmpeg is not installed: deploy/prepare.sh installs it") from e
    for file in files:
        picture = cv2.imread(str(file))
        if picture is None:
            raise RecipeError(f"{file} is no picture that can be read: mend or remove it, with its labels")
        how = cv2.INTER_AREA if picture.shape[1] > CANVAS_WIDTH else cv2.INTER_LINEAR
        process.stdin.write(cv2.resize(picture, (CANVAS_WIDTH, CANVAS_HEIGHT), interpolation=how).tobytes())
    process.stdin.close()
    if process.wait() != 0:
        raise RecipeError(f"ffmpeg could not write {path}: it needs libx265 and free disk space")


def _rendered(path, files):
    """Columns picture, class, x0, y0, x1, y1, visible; pixels of the pictures; others are passed over. What is mostly hidden is unsure."""
    height, width = cv2.imread(str(files[0])).shape[:2]
    sx, sy = CANVAS_WIDTH / width, CANVAS_HEIGHT / height
    frames = [[] for _ in files]
    with path.open(newline="") as file:
        for number, row in enumerate(csv.DictReader(file), 2):
            try:
                frame, visible, name = int(row["picture"]), float(row["visible"]), CLASSES[row["class"]]
                box = [float(row["x0"]) * sx, float(row["y0"]) * sy, float(row["x1"]) * sx, float(row["y1"]) * sy]
            except (ValueError, TypeError, KeyError) as e:
                raise RecipeError(f"{path}:{number}: expected picture,class,x0,y0,x1,y1,visible as `render` writes them ({e!r})") from e
            if visible >= LEAST_VISIBLE and frame < len(frames):
                sure = visible >= SURELY_VISIBLE and min(box[2] - box[0], box[3] - box[1]) >= LEAST_SIDE
                frames[frame].append([*box, ("" if sure else "i") + KIND.get(name, "v"), [name], 1.0])
    return frames


def _by_people(known):
    if not known:
        return None
    sx, sy = CANVAS_WIDTH / known["width"], CANVAS_HEIGHT / known["height"]
    rows = []
    for x0, y0, x1, y1, name in known["boxes"]:
        box = [x0 * sx, y0 * sy, x1 * sx, y1 * sy]
        small = min(box[2] - box[0], box[3] - box[1]) < LEAST_SIDE
        rows.append([*box, ("i" if small else "") + KIND.get(name, "v"), None if name == "other_vehicle" else [name], 1.0])
    return rows
