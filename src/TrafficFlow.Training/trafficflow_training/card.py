"""MODEL_CARD.md: what the weights learned from, with sources and licences, what they reach, and where they end."""
from collections import Counter, defaultdict

from .drafts import write_text
from .evaluation import lights_of, read_sources

LIMITS = """## Limits

- Vehicles below 6 pixels of the network's input (448x256) are not asked for; below 16 pixels many are missed.
- Vans are told from cars by few labels: most people's sets that it learned from have no van. A vote over the track and the length in metres, where the ground is calibrated, help.
- Riders and bicycles have few labels, night has few pictures, snow almost none, and none of the scenes
  that were kept back is by night: how well it does there is measured on rendered streets only (benchmark `streets`). Fisheye lenses and views from straight above were not learned.
- In dense standing queues seen along the queue it still joins two hidden vehicles or misses one: see blackfriars.
- It finds persons so that they can be coarsened, not to count them; it knows no faces and no plates.
"""


def write(path, name, figures, sources, pack_scenes, rendered, how):
    """figures: {model: {kept_back, films, marked}} as `evaluate` gives them; the first is ours; pack_scenes: {scene: pictures} of the
    real ones; rendered: (scenes, pictures); how: lines that tell how it was trained."""
    ours, *others = figures
    text = [f"# Model card: {name}", "", "A vehicle detector for fixed street cameras: 1.24 million parameters, `image` 1x3x256x448 BGR 0..255, plain resize ->",
            "`output` 1x2352x11: x0, y0, x1, y1 in input pixels, then scores of car, van, truck, bus, motorcycle, person, bicycle. Licence: that of this repository.",
            "", "## How it was made", "", *how, "", "## Figures", "",
            "AP50 of vehicles (all classes as one). Precision and recall at the score with the best F1. Unsure labels are neither asked for nor wrong.", ""]
    text += _table(("pictures", *[f"{m}: AP50" for m in figures], f"{ours}: precision", f"{ours}: recall", "vehicles"), _rows(figures, ours, others))
    text += ["", "By size of the lesser side in the network's input, at score 0.40, over the kept-back scenes:", ""]
    text += _table(("size", "asked for", "found"), [(s, v["asked"], f"{v['recall']:.3f}") for s, v in figures[ours]["kept_back"]["all"]["sizes"].items()])
    text += ["", "Classes of the vehicles that people marked in the clips, told from one picture each (the product votes over a track). True class in rows:", ""]
    text += _confusion(figures[ours]["marked"])
    text += ["", LIMITS, "## Pictures", "", f"{rendered[1]} pictures of {rendered[0]} scenes are rendered by this project's own renderer. The others come from public repositories;",
             "none of them is part of this repository. *Labels*: people's, or the agreement of three published detectors.", ""]
    lights, grouped = lights_of(sources), defaultdict(lambda: [0, 0, set(), Counter(), set()])
    for row in read_sources(sources):
        scene = row["folder"].replace("unclear/jamcam__", "tfl__jamcam__").replace("unclear/krishan__", "tfl__krishan__")
        if scene in pack_scenes:
            g = grouped[(row["repo"], row["commit"][:10])]
            g[0] += 1
            g[1] += pack_scenes[scene]
            g[2].add(row["licence"].replace("none in repo (TfL open data = OGL-derived)", "TfL open data"))
            g[3][lights[scene]] += 1
            g[4].add("people" if row["human_labels"] == "yes" else "agreement")
    text += _table(
        ("source", "commit", "scenes", "pictures", "licence", "light", "labels"),
        [(k[0], k[1], g[0], g[1], "; ".join(sorted(g[2])), ", ".join(f"{n} {light}" for light, n in g[3].items()), ", ".join(sorted(g[4]))) for k, g in sorted(grouped.items())])
    write_text(path, "\n".join(text) + "\n")


def _rows(figures, ours, others):
    mine, rows = figures[ours], []
    for part, keys in (("kept_back", sorted(mine["kept_back"])), ("films", list(mine["films"]))):
        for key in keys:
            f = mine[part][key]
            label = f"kept back: {key}" if part == "kept_back" else f"film {key}"
            rows.append((label, *[f"{figures[m][part][key]['ap50']:.3f}" for m in figures], f"{f['precision']:.3f}", f"{f['recall']:.3f}", f["asked"]))
    return rows


def _confusion(marked):
    names = sorted({c for row in marked["classes"].values() for c in row} | set(marked["classes"]))
    rows = [(c, *[marked["classes"].get(c, {}).get(n, 0) for n in names]) for c in names if c in marked["classes"]]
    return _table(("true", *names), rows) + ["", f"{marked['found']} of {marked['asked']} found at score 0.30; of {marked['named']} with a class {marked['class_right_percent']} % are right."]


def _table(head, rows):
    return ["| " + " | ".join(map(str, head)) + " |", "|" + "---|" * len(head)] + ["| " + " | ".join(map(str, r)) + " |" for r in rows]
