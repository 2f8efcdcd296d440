"""Runs the whole recipe in seconds on pictures that it makes itself: pack, train, go on, export, quantise, compare, evaluate."""
import json
import tempfile
from pathlib import Path

import cv2
import numpy as np
import torch

from . import agreement, evaluation, exporting, losses, network, packing, quantising, tracks, training
from .drafts import write_text
from .errors import RecipeError
from .geometry import INPUT_HEIGHT, INPUT_WIDTH, covers_several
from .pack import read_pack, targets


def run(say=print):
    """Raises where a step does not do what it must."""
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        _pictures(folder / "real")
        packing.pack(folder / "real", None, folder / "pack", say=say)
        pack = read_pack(folder / "pack")
        _expect(len(pack.rows) == 12 and all(len(r) == 4 for r in pack.rows), "pack: 12 pictures with 4 vehicles each")
        _labels()
        _costs()
        _trainings(pack, folder, say)
        net = training.load_weights(folder / "training" / "weights.pt")
        difference = exporting.export(net, folder / "v.onnx")
        again = network.from_onnx(folder / "v.onnx")
        _expect(torch.allclose(again.stem[0].weight, net.stem[0].weight), "export: weights are read back from the file")
        pictures = _input(pack)
        count = quantising.quantise(folder / "v.onnx", folder / "v8.onnx", pictures)
        _expect(count > 40, f"quantise: more than 40 convolutions in INT8, found {count}")
        exporting.export(net, folder / "small.onnx", 128, 224)
        _expect(quantising.input_size(folder / "small.onnx") == [128, 224], "export: another size of input")
        figures = quantising.compare(folder / "v.onnx", folder / "v8.onnx", pictures[:2])
        boxes, scores, _ = evaluation.Model(folder / "v8.onnx").look(pack.pictures[0])
        _expect(boxes.shape[1] == 4 and np.isfinite(scores).all(), "evaluate: the INT8 file gives boxes")
        say(f"self-test passed: export differs by {difference:.1e}, INT8 scores by {figures['score_difference']}")


def _trainings(pack, folder, say):
    """Interrupted after two of four steps and gone on with, a training ends with the same weights as one that nobody interrupted."""
    settings = training.Settings(steps=4, batch=4, peak=2e-3, warmup=2, average=0.5, seed=3, save_every=0, threads=1)
    seen, lines = [], []

    def interrupt(_):
        seen.append(1)
        if len(seen) == 2:
            raise KeyboardInterrupt
        return "not yet"

    whole = training.train(pack, folder / "whole", settings, say=lambda line: None)
    try:
        training.train(pack, folder / "training", settings, evaluate=interrupt, say=lines.append)
    except KeyboardInterrupt:
        pass
    parts = training.train(pack, folder / "training", settings, say=lines.append)
    _expect(any("from step 2" in line for line in lines), f"train: goes on from step 2, said: {lines}")
    _expect(all(torch.equal(a, b) for a, b in zip(whole.state_dict().values(), parts.state_dict().values())), "train: interrupted or not, the same weights")
    blank = network.Network().state_dict()
    _expect(not torch.equal(blank["h.0.det.weight"], parts.state_dict()["h.0.det.weight"].cpu()), "train: weights have moved")
    say(lines[-1])


def _expect(right, what):
    if not right:
        raise RecipeError(f"self-test failed: {what}")


def _pictures(folder):
    """Three scenes of grey streets with bright boxes as vehicles."""
    chance = np.random.default_rng(5)
    for s in range(3):
        scene = folder / f"street_{s}"
        scene.mkdir(parents=True)
        known = []
        for k in range(4):
            picture = chance.normal(90 + 20 * s, 8, (288, 352, 3)).clip(0, 255).astype(np.uint8)
            boxes = []
            for lane in range(4):
                x, y = 20 + 80 * lane, int(chance.integers(20, 220))
                cv2.rectangle(picture, (x, y), (x + 44, y + 34), tuple(int(v) for v in chance.integers(150, 255, 3)), -1)
                cv2.rectangle(picture, (x + 8, y + 6), (x + 36, y + 16), (40, 30, 30), -1)
                boxes.append([x, y, x + 44, y + 34, "car" if lane else "bus"])
            cv2.imwrite(str(scene / f"{k}.jpg"), picture)
            known.append(dict(file=f"{k}.jpg", width=352, height=288, boxes=boxes))
        write_text(scene / "labels.json", json.dumps(known))


def _labels():
    car = np.array([[0, 0, 40, 30]], np.float32)
    answers = [(t, v, car, np.array([1.4]), np.array([0])) for t, v in (("pvb_2004", 0), ("pvb_2004", 1), ("pvb_2003", 0))]
    label = agreement.agree(answers)
    _expect(len(label) == 1 and label[0][4] == "v", "agreement: three views of two teachers make a vehicle")
    _expect(agreement.agree(answers[:1]) == [], "agreement: one view makes nothing")
    _expect(covers_several([0, 0, 90, 30], [[0, 0, 40, 30], [45, 0, 88, 30]]), "geometry: a box over two vehicles is told")
    _expect(not covers_several([0, 0, 90, 30], [[0, 0, 40, 30], [1, 0, 41, 30]]), "geometry: two boxes of one vehicle are not two")
    sure, unsure = [0, 0, 40, 30, "v", None, 5.0], [1, 0, 41, 30, "iv", None, 2.5]
    _expect(tracks.agree_over_time([[sure], [unsure], [sure]])[1][0][4] == "v", "tracks: what is sure before and after is sure between")
    rows = targets([[0, 0, 40, 30, "v", ["truck"], 1.0]], [], "human", dict(truck=dict(bus=1.0)))
    _expect(list(rows[0, 6:]) == [0, 0, 1, 1], "pack: a lorry may be a bus where people called buses so")


def _costs():
    """A box over two vehicles costs more than one beside them, and the right answer least."""
    grid = losses.Grid(64, 64)
    rows = torch.zeros(1, 2, 10)
    rows[0, 0, :6] = torch.tensor([4.0, 8, 28, 40, 0, 1])
    rows[0, 1, :6] = torch.tensor([34.0, 8, 58, 40, 0, 1])
    rows[..., 6:] = 1
    valid = torch.ones(1, 2, dtype=torch.bool)

    def cost(box):
        output = torch.zeros(1, grid.count, 12)
        output[..., :4] = -6
        output[..., 8:] = 4.0
        if box is not None:
            at = grid.points[4 * 8 + 7]  # far from both middles
            output[0, 4 * 8 + 7, 0] = 2.0
            output[0, 4 * 8 + 7, 8:] = torch.tensor([at[0] - box[0], at[1] - box[1], box[2] - at[0], box[3] - at[1]])
        return float(losses.detection_loss(output, rows, valid, grid)[1][0])

    nothing, beside, over = cost(None), cost((50, 30, 64, 44)), cost((2, 6, 62, 44))
    _expect(nothing < beside < over, f"losses: over two {over:.3f} > beside {beside:.3f} > nothing {nothing:.3f}")


def _input(pack):
    small = [cv2.resize(p, (INPUT_WIDTH, INPUT_HEIGHT), interpolation=cv2.INTER_AREA).transpose(2, 0, 1) for p in pack.pictures[::3]]
    return torch.from_numpy(np.stack(small).astype(np.float32))
