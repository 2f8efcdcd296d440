"""Trains the network: seeded, resumable, on a GPU in minutes or on a processor in a night."""
import copy
import math
import random
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch

from . import augmentation, pasting
from .drafts import draft
from .errors import RecipeError
from .geometry import INPUT_HEIGHT, INPUT_WIDTH
from .losses import Grid, Weights, detection_loss
from .network import Network, fold, from_onnx, is_folded, normalise, restore

MOST_BOXES = 110


@dataclass
class Settings:
    """seconds: wall time of the whole training, over all its parts; steps: how many instead, which makes runs repeatable; batch: pictures a step; peak: highest learning rate; start: an
    exported float32 file to go on from (its batch norms are folded and stay so); frozen: parts of the network that are not changed;
    synthetic: share of rendered pictures; over_two: how many times a sure box over two vehicles costs more."""

    seconds: float = 540
    steps: int = 0
    batch: int = 192
    peak: float = 2.5e-3
    warmup: int = 200
    average: float = 0.9993
    decay: float = 0.03
    seed: int = 7
    start: str = ""
    frozen: tuple = ()
    synthetic: float = 0.25
    over_two: float = 3.0
    save_every: float = 120
    threads: int = 0
    boost: tuple = ()


def weigh(pack, settings):
    """-> chance of each picture [n]. A scene weighs the square root of its pictures; rendered ones together have their stated share;
    pictures with what is rare (two-wheelers, buses, lorries) come more often."""
    count = {}
    for scene in pack.scenes:
        count[scene] = count.get(scene, 0) + 1
    w = np.array([count[s] ** -0.5 for s in pack.scenes])
    for i, rows in enumerate(pack.rows):
        sure = rows[rows[:, 5] > 0.5]
        rare = np.isin(sure[:, 4], (1, 3)).any() or ((sure[:, 4] == 0) & (sure[:, 6] + sure[:, 7] == 0)).any()
        w[i] *= 1.5 if rare else 1.0
        for prefix, times in settings.boost:
            w[i] *= times if pack.scenes[i].startswith(prefix) else 1.0
    w[pack.kept_back] = 0
    rendered = np.array([s == "synth" for s in pack.sources])
    real = w[~rendered].sum()
    if rendered.any() and real > 0:
        w[rendered] *= settings.synthetic / (1 - settings.synthetic) * real / w[rendered].sum()
    if not w.sum() > 0:
        raise RecipeError("no picture is left to train on: every scene of the pack is kept back; add scenes")
    return w / w.sum()


class Pictures:
    """The pack on the training device, and batches of it."""

    def __init__(self, pack, chances, device):
        most = min(96, max(1, max(len(r) for r in pack.rows)))
        self.pictures = torch.from_numpy(pack.pictures)
        if device == "cuda":
            self.pictures = self.pictures.to(device)
        self.rows = torch.zeros(len(pack.rows), most, 10)
        self.valid = torch.zeros(len(pack.rows), most, dtype=torch.bool)
        for i, rows in enumerate(pack.rows):
            size = (rows[:, 2] - rows[:, 0]) * (rows[:, 3] - rows[:, 1])
            rows = rows[np.argsort(-size, kind="stable")][:most]
            self.rows[i, :len(rows)] = torch.from_numpy(rows)
            self.valid[i, :len(rows)] = True
        self.rows, self.valid = self.rows.to(device), self.valid.to(device)
        self.chances = torch.tensor(chances, dtype=torch.float, device=device)
        self.device = device

    def _take(self, n):
        index = torch.multinomial(self.chances, n, replacement=True)
        pictures = self.pictures[index.to(self.pictures.device)].to(self.device)
        return pictures.permute(0, 3, 1, 2), self.rows[index], self.valid[index]

    def batch(self, n):
        """-> pictures [n, 3, 256, 448] 0..255, rows [n, m, 10], valid [n, m]; a quarter are mosaics of four."""
        mosaics = n // 4
        x, y, v = augmentation.place(*self._take(n - mosaics))
        if mosaics:
            small = augmentation.place(*self._take(4 * mosaics), x.shape[2] // 2, x.shape[3] // 2, (0.6, 1.7))
            mx, my, mv = augmentation.mosaic(*small, MOST_BOXES)
            x, y, v = torch.cat([x, mx]), _joined(y, my), _joined(v, mv)
        y, v = _grown(y, y.shape[1] + 4), _grown(v, v.shape[1] + 4)  # room for pasted vehicles
        pasting.paste(x, y, v)
        x = augmentation.relight(x)
        augmentation.blacken(x, y, v)
        return x, y, v


def _grown(t, size):
    pad = torch.zeros(t.shape[0], size - t.shape[1], *t.shape[2:], dtype=t.dtype, device=t.device)
    return torch.cat([t, pad], 1)


def _joined(a, b):
    size = max(a.shape[1], b.shape[1])
    return torch.cat([_grown(a, size), _grown(b, size)])


def train(pack, folder, settings, evaluate=None, say=print):
    """Trains until settings.seconds have been used, going on from folder/checkpoint.pt where there is one. evaluate(network) -> a line
    that is said now and then. Writes folder/checkpoint.pt and folder/weights.pt (the running average). -> the averaged network."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    if settings.threads:
        torch.set_num_threads(settings.threads)
    for seed in (torch.manual_seed, random.seed, np.random.seed):
        seed(settings.seed)
    net, average, optimiser, step, used = _begin(folder, settings, device, say)
    data = Pictures(pack, weigh(pack, settings), device)
    grid = Grid(INPUT_HEIGHT, INPUT_WIDTH, device)
    began, saved, costs = time.monotonic() - used, time.monotonic(), []
    say(f"{len(pack.rows)} pictures, {int(pack.kept_back.sum())} kept back, {device}, from step {step}, {used:.0f} s used")
    while (progress := step / settings.steps if settings.steps else (time.monotonic() - began) / settings.seconds) < 1:
        rate = settings.peak * min(1, (step + 1) / settings.warmup) * (0.02 + 0.49 * (1 + math.cos(math.pi * progress)))
        for group in optimiser.param_groups:
            group["lr"] = rate
        x, y, v = data.batch(settings.batch)
        with torch.autocast(device, dtype=torch.bfloat16, enabled=device == "cuda"):
            output = net(normalise(x).contiguous(memory_format=torch.channels_last))
        cost, parts = detection_loss(output, y, v, grid, Weights(over_two=settings.over_two))
        if not torch.isfinite(cost):
            raise RecipeError(f"the cost at step {step} is {float(cost)}: go on from the last checkpoint with a lower --peak than {settings.peak}")
        optimiser.zero_grad(set_to_none=True)
        cost.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 10.0)
        optimiser.step()
        _follow(average, net, min(settings.average, (1 + step) / (20 + step)))
        step, used = step + 1, time.monotonic() - began
        costs.append([float(p) for p in parts] if device == "cpu" else [p.detach() for p in parts])
        if time.monotonic() - saved > settings.save_every:
            saved = time.monotonic()
            _save(folder, net, average, optimiser, step, used, settings)
            mean = np.mean([[float(p) for p in c] for c in costs], axis=0)
            costs = []
            say(f"{used:.0f} s step {step} rate {rate:.5f} what {mean[0]:.3f} where {mean[1]:.3f} kind {mean[2]:.3f} {step * settings.batch / used:.1f} pictures/s")
            if evaluate:
                say("  " + evaluate(average))
    _save(folder, net, average, optimiser, step, used, settings)
    say(f"done: {step} steps, {step * settings.batch} pictures, {used:.0f} s")
    return average


def _begin(folder, settings, device, say):
    checkpoint = folder / "checkpoint.pt"
    if checkpoint.exists():
        try:
            saved = torch.load(checkpoint, map_location="cpu")
            net, average = restore(saved["net"]), restore(saved["average"])
        except (RuntimeError, KeyError, EOFError) as e:
            raise RecipeError(f"{checkpoint} is no checkpoint of this recipe ({e}): remove it to start anew") from e
        say(f"goes on from {checkpoint}")
        for seed, state in ((torch.set_rng_state, saved["random"][0]), (random.setstate, saved["random"][1]), (np.random.set_state, saved["random"][2])):
            seed(state)
    else:
        saved = None
        net = from_onnx(settings.start) if settings.start else Network()
        average = copy.deepcopy(net)
    for name, part in net.named_children():
        if name in settings.frozen:
            part.requires_grad_(False)
    unknown = set(settings.frozen) - {n for n, _ in net.named_children()}
    if unknown:
        raise RecipeError(f"--freeze {','.join(sorted(unknown))}: parts of the network are {', '.join(n for n, _ in net.named_children())}")
    net = net.to(device).to(memory_format=torch.channels_last).train()
    average = average.to(device).eval().requires_grad_(False)
    learned = [p for p in net.parameters() if p.requires_grad]
    groups = [dict(params=[p for p in learned if p.ndim > 1], weight_decay=settings.decay), dict(params=[p for p in learned if p.ndim <= 1], weight_decay=0)]
    optimiser = torch.optim.AdamW(groups, lr=settings.peak, betas=(0.9, 0.99))
    if saved:
        optimiser.load_state_dict(saved["optimiser"])
    return net, average, optimiser, saved["step"] if saved else 0, saved["used"] if saved else 0.0


@torch.no_grad()
def _follow(average, net, keep):
    theirs = net.state_dict()
    for name, mine in average.state_dict().items():
        if mine.dtype.is_floating_point:
            mine.lerp_(theirs[name], 1 - keep)
        else:
            mine.copy_(theirs[name])


def _save(folder, net, average, optimiser, step, used, settings):
    """First beside, then in place: a kill in the middle leaves the last checkpoint whole."""
    state = dict(
        net=net.state_dict(), average=average.state_dict(), optimiser=optimiser.state_dict(), step=step, used=used, settings=asdict(settings),
        random=(torch.get_rng_state(), random.getstate(), np.random.get_state()))
    for name, content in (("checkpoint.pt", state), ("weights.pt", average.state_dict())):
        with draft(folder / name) as unfinished:
            torch.save(content, unfinished)


def load_weights(path):
    """weights.pt or an exported float32 file -> the network, folded."""
    if str(path).endswith(".onnx"):
        return from_onnx(path)
    try:
        state = torch.load(path, map_location="cpu")
    except (OSError, RuntimeError, EOFError) as e:
        raise RecipeError(f"{path}: expected weights.pt of `train` or an exported float32 .onnx file, found: {e}") from e
    net = restore(state)
    return net if is_folded(state) else fold(net)
