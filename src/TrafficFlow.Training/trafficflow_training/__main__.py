"""The commands: python3 -m trafficflow_training COMMAND --help."""
import argparse
import json
import sys
from pathlib import Path

from .drafts import write_text
from .errors import RecipeError


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="trafficflow_training", description=__package__ and "How the detector in the box is made. The README beside it has the order of the commands.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for add in (_pack, _label, _train, _export, _quantise, _evaluate, _card, _self_test):
        add(commands)
    options = parser.parse_args(arguments)
    try:
        options.run(options)
    except RecipeError as e:
        print(f"trafficflow_training {options.command}: {e}", file=sys.stderr)
        return 1
    return 0


def _command(commands, name, help_text, run):
    parser = commands.add_parser(name, help=help_text, description=help_text, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.set_defaults(run=run)
    return parser


def _pack(commands):
    def run(o):
        from . import packing
        packing.pack(o.real, o.rendered, o.pack, o.quality, _say)

    p = _command(commands, "pack", "Packs folders of pictures into small films with labels.json.", run)
    p.add_argument("--real", help="a folder with one folder a scene: pictures, and labels.json where people labelled them")
    p.add_argument("--rendered", help="the same from the renderer, with boxes.csv")
    p.add_argument("--pack", required=True, help="where the pack is written")
    p.add_argument("--quality", type=int, default=23, help="x265's constant rate factor; lower is better and larger")


def _label(commands):
    def run(o):
        from . import agreement
        agreement.label_pack(o.pack, o.teachers, o.scenes and o.scenes.split(","), _say)

    p = _command(commands, "label", "Labels the pack by the agreement of three detectors over several views and along tracks. Once; hours on a processor; resumable.", run)
    p.add_argument("--pack", required=True)
    p.add_argument("--teachers", required=True, help="the folder with pvb_2004, pvb_2003 and NanoDet-Plus as .onnx files")
    p.add_argument("--scenes", help="only these, separated by commas")


def _train(commands):
    from .training import Settings
    default = Settings()

    def run(o):
        from . import evaluation, training
        from .pack import joined, read_pack
        pack = joined([read_pack(folder) for folder in o.pack])
        settings = Settings(
            seconds=o.minutes * 60, steps=o.steps, batch=o.batch, peak=o.peak, warmup=o.warmup, average=o.average, seed=o.seed, start=o.start or "",
            frozen=tuple(f for f in (o.freeze or "").split(",") if f), synthetic=o.synthetic, over_two=o.over_two, threads=o.threads,
            save_every=o.save_every, boost=tuple((b.split("=")[0], float(b.split("=")[1])) for b in o.boost))
        training.train(pack, o.out, settings, say=_say)

    p = _command(commands, "train", "Trains. The same command again goes on where it ended.", run)
    p.add_argument("--pack", required=True, action="append", help="several, to train on all of them together")
    p.add_argument("--out", required=True, help="folder for checkpoint.pt and weights.pt")
    p.add_argument("--minutes", type=float, default=default.seconds / 60, help="of training, over all runs")
    p.add_argument("--steps", type=int, default=default.steps, help="how many instead of --minutes: repeatable with the same --seed and --threads")
    p.add_argument("--batch", type=int, default=default.batch, help="192 on a GPU, 16 on a processor")
    p.add_argument("--peak", type=float, default=default.peak, help="highest learning rate; a tenth of it with --start")
    p.add_argument("--warmup", type=int, default=default.warmup, help="steps until the peak")
    p.add_argument("--average", type=float, default=default.average, help="share of the running average that each step keeps; 0.985 for a few hundred steps")
    p.add_argument("--seed", type=int, default=default.seed)
    p.add_argument("--start", help="a float32 .onnx file to go on from")
    p.add_argument("--freeze", help="parts that do not change, separated by commas: stem,s4,s8")
    p.add_argument("--synthetic", type=float, default=default.synthetic, help="share of rendered pictures")
    p.add_argument("--over-two", type=float, default=default.over_two, help="how many times a box over two vehicles costs more")
    p.add_argument("--boost", action="append", default=[], metavar="PREFIX=TIMES", help="scenes that come more often")
    p.add_argument("--threads", type=int, default=default.threads, help="0: all")
    p.add_argument("--save-every", type=float, default=default.save_every, help="seconds between checkpoints")


def _export(commands):
    def run(o):
        from . import exporting, training
        difference = exporting.export(training.load_weights(o.weights), o.out, o.height, o.width)
        _say(f"{o.out}: {Path(o.out).stat().st_size:,} bytes, scores differ from the network's by at most {difference:.1e}")

    p = _command(commands, "export", "Writes the float32 ONNX file and checks it.", run)
    p.add_argument("--weights", required=True, help="weights.pt of train, or an .onnx file")
    p.add_argument("--out", required=True)
    p.add_argument("--height", type=_by_32, default=256, help="of the input, in pixels; 320x544 finds more small vehicles at 1.5 times the cost")
    p.add_argument("--width", type=_by_32, default=448)


def _by_32(text):
    if not text.isdigit() or int(text) % 32 or not 64 <= int(text) <= 2048:
        raise argparse.ArgumentTypeError(f"expected a multiple of 32 from 64 to 2048, found {text}")
    return int(text)


def _quantise(commands):
    def run(o):
        from . import quantising
        pictures = _pictures(o.pack, 3 * o.pictures // 2, *quantising.input_size(o.model))
        count = quantising.quantise(o.model, o.out, pictures[:o.pictures], o.percentile)
        figures = quantising.compare(o.model, o.out, pictures[o.pictures:])
        _say(f"{o.out}: {Path(o.out).stat().st_size:,} bytes, {count} convolutions in INT8; on pictures not used for the ranges: {json.dumps(figures)}")
        if figures["lost_percent"] > 1 or figures["score_difference"] > 0.03:
            raise RecipeError("the INT8 scores are too far from the float32 ones (at most 1 % lost and 0.03 on average): use more --pictures or a higher --percentile")

    p = _command(commands, "quantise", "Writes the INT8 ONNX file and checks its scores against float32.", run)
    p.add_argument("--model", required=True, help="the float32 file of export")
    p.add_argument("--pack", required=True, help="its pictures set the ranges")
    p.add_argument("--out", required=True)
    p.add_argument("--pictures", type=int, default=96)
    p.add_argument("--percentile", type=float, default=99.995)


def _pictures(folder, count, height, width):
    """Pictures of different scenes, kept-back ones not among them -> [count, 3, height, width] 0..255."""
    import cv2
    import numpy as np
    import torch
    from .pack import frames_of, is_kept_back, read_json
    labels = read_json(Path(folder) / "labels.json", "write it with `pack`")
    scenes = [s for s in sorted(labels) if not is_kept_back(s, labels[s]["source"])]
    result, turn = [], 0
    while len(result) < count and turn < 100:
        for scene in scenes[turn % 2::2]:
            for k, picture in enumerate(frames_of(Path(folder) / f"{scene}.mp4")):
                if k == 3 * (turn // 2):
                    result.append(cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA).transpose(2, 0, 1))
                    break
            if len(result) >= count:
                break
        turn += 1
    if len(result) < count:
        raise RecipeError(f"{folder} has only {len(result)} fitting pictures, {count} are needed: give fewer --pictures")
    return torch.from_numpy(np.stack(result).astype(np.float32))


def _evaluate(commands):
    def run(o):
        from . import evaluation
        from .pack import is_kept_back, read_json, read_pack
        labels = read_json(Path(o.pack) / "labels.json", "write it with `pack`")
        pack = read_pack(o.pack, [s for s in labels if is_kept_back(s, labels[s]["source"])])
        figures = {}
        for path in o.model:
            model = evaluation.Model(path)
            figures[model.name] = f = dict(kept_back=evaluation.kept_back(model, pack, evaluation.lights_of(o.sources), o.every))
            f["films"] = evaluation.films(model, o.data, o.films.split(","), 2 * o.every) if o.data else {}
            f["marked"] = evaluation.marked(model, o.data, o.marked) if o.data and o.marked else None
            for part in ("kept_back", "films"):
                for key, v in f[part].items():
                    _say(f"{model.name}: {key}: AP50 {v['ap50']:.3f}, best F1 at precision {v['precision']:.3f}, recall {v['recall']:.3f}, score {v['threshold']:.2f} ({v['asked']} vehicles)")
            if f["marked"]:
                _say(f"{model.name}: marked: {json.dumps(f['marked'])}")
        if o.out:
            write_text(o.out, json.dumps(figures, indent=1))

    p = _command(commands, "evaluate", "AP50 on kept-back scenes, on films with people's boxes, and classes of marked vehicles.", run)
    p.add_argument("model", nargs="+", help="ONNX files: ours (float32 or INT8), pvb_2003, pvb_2004")
    p.add_argument("--pack", required=True)
    p.add_argument("--sources", required=True, help="sources.tsv")
    p.add_argument("--data", help="shared/data, with clips and boxes")
    p.add_argument("--films", default="blackfriars,elephant,hydepark")
    p.add_argument("--marked", help="marked.csv of the system tests")
    p.add_argument("--every", type=int, default=3, help="every how-many-th picture; films half as many")
    p.add_argument("--out", help="figures as JSON, for card")


def _card(commands):
    def run(o):
        from . import card
        from .pack import read_json
        labels = read_json(Path(o.pack) / "labels.json", "write it with `pack`")
        real = {s: len(v["frames"]) for s, v in labels.items() if v["source"] != "synth"}
        rendered = [len(v["frames"]) for v in labels.values() if v["source"] == "synth"]
        how = Path(o.how).read_text().strip().splitlines()
        card.write(Path(o.out), o.name, read_json(o.figures, "write it with `evaluate --out`"), o.sources, real, (len(rendered), sum(rendered)), how)
        _say(o.out)

    p = _command(commands, "card", "Writes the model card.", run)
    p.add_argument("--name", default="vehicles")
    p.add_argument("--figures", required=True, help="figures.json of evaluate; its first model is ours")
    p.add_argument("--sources", required=True)
    p.add_argument("--pack", required=True)
    p.add_argument("--how", required=True, help="a text file: how these weights were trained")
    p.add_argument("--out", required=True)


def _self_test(commands):
    def run(o):
        from . import selftest
        selftest.run(_say)

    _command(commands, "self-test", "Runs all steps in seconds on pictures that it makes itself.", run)


def _say(line):
    print(line, flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ModuleNotFoundError as missing:
        sys.exit(f"trafficflow_training: Python has no {missing.name}: apt-get install python3-torch python3-onnx python3-opencv python3-numpy ffmpeg")
