"""What several teachers say in several views becomes a label where they agree, and is set aside where they do not."""
import json
import time
from pathlib import Path

import numpy as np

from .drafts import write_text
from .geometry import covers_several, cover, iou
from .pack import frames_of, read_json
from .teachers import COCO, Teachers
from .tracks import agree_over_time

LETTERS = ("v", "p", "c")
OF_COCO = (0, 0, 0, 2, 1, 2)  # its car, truck, bus, motorcycle, person, bicycle -> index of LETTERS
NAMES = {0: ["car", "van"], 1: ["truck", "van"], 2: ["bus"], 3: ["motorcycle"], 4: ["person"], 5: ["bicycle"]}
WITHIN = dict(v=(0, 1, 2), c=(3, 5), p=(4,))


def label_pack(folder, teachers, scenes=None, say=print):
    """Labels every scene of folder/teach.json (or those given), goes on where a former run ended (teach.part.json), and replaces
    teach.json at the end with {scene: [labels of each picture]}."""
    folder = Path(folder)
    waiting = scenes or list(read_json(folder / "teach.json", "write it with `pack`"))
    unfinished = folder / "teach.part.json"
    done = read_json(unfinished, "remove it to begin anew") if unfinished.exists() else {}
    team, began, pictures = Teachers(teachers), time.monotonic(), 0
    for k, scene in enumerate(waiting):
        if scene in done:
            continue
        labels = [agree(team.look(p)) for p in frames_of(folder / f"{scene}.mp4")]
        done[scene] = agree_over_time(labels)
        pictures += len(labels)
        write_text(unfinished, json.dumps(done))
        say(f"{k + 1} of {len(waiting)}: {scene}, {pictures / max(1e-9, time.monotonic() - began):.2f} pictures/s")
    write_text(folder / "teach.json", json.dumps(done))
    unfinished.unlink(missing_ok=True)


def agree(seen):
    """seen: as Teachers.look gives it -> labels [x0, y0, x1, y1, kind, classes or null, votes]. Sure: at least three views of two
    teachers are, or five views. Unsure: one nearly is, and together they come to two."""
    everything = []
    for teacher, view, boxes, scores, classes in seen:
        for box, score, c in zip(boxes, scores, classes):
            everything.append((box, float(score), OF_COCO[c] if teacher == COCO[0] else int(c), (teacher, view)))
    labels = []
    for kind, letter in enumerate(LETTERS):
        labels += _agreed([e for e in everything if e[2] == kind], letter)
    _name(labels, seen)
    return _without_pieces(_without_rows(labels))


def _agreed(found, letter):
    found.sort(key=lambda e: -e[1])
    boxes = np.array([e[0] for e in found], np.float32).reshape(-1, 4)
    used, labels = np.zeros(len(found), bool), []
    for first in range(len(found)):
        if used[first]:
            continue
        group = np.flatnonzero((iou(boxes[first], boxes)[0] > 0.5) & ~used)
        used[group] = used[first] = True
        best = {}
        for g in group:
            best[found[g][3]] = max(best.get(found[g][3], 0), found[g][1])
        total, votes = sum(min(s, 2.0) for s in best.values()), sum(s >= 1 for s in best.values())
        several = len({teacher for (teacher, _), s in best.items() if s >= 0.6}) >= 2
        sure = (votes >= 3 and several) or votes >= 5
        if sure or (max(best.values(), default=0) >= 0.6 and total >= 2.0):
            weights = np.minimum([found[g][1] for g in group], 2)[:, None]
            box = (boxes[group] * weights).sum(0) / weights.sum()
            labels.append([*map(float, box), letter if sure else "i" + letter, None, float(total)])
    return labels


def _name(labels, seen):
    """The class is the COCO model's where its views agree; its car may be a van, its lorry too."""
    found = [(b, s, int(c)) for teacher, _, boxes, scores, classes in seen if teacher == COCO[0] for b, s, c in zip(boxes, scores, classes)]
    if not found or not labels:
        return
    near = iou([o[:4] for o in labels], [f[0] for f in found])
    for label, row in zip(labels, near):
        votes = {}
        for j in np.flatnonzero(row > 0.5):
            _, score, c = found[j]
            if c in WITHIN[label[4][-1]] and score > 0.7:
                votes[c] = votes.get(c, 0) + score
        if votes:
            top = max(votes, key=votes.get)
            if votes[top] > 1.07 and votes[top] > 1.6 * (sum(votes.values()) - votes[top]):
                label[5] = NAMES[top]


def _without_rows(labels):
    """A box over two sure boxes of vehicles is the row of them: it goes, unless it is much the surer."""
    sure = [o for o in labels if o[4] == "v"]
    kept = []
    for o in labels:
        inside = [q[:4] for q in sure if q is not o and q[6] > 0.5 * o[6]]
        if o[4][-1] == "v" and inside and covers_several(o[:4], inside, 0.8):
            continue
        kept.append(o)
    return kept


def _without_pieces(labels):
    """An unsure piece of a sure box is no second one; of two unsure ones over each other the weaker goes."""
    kept = [o for o in labels if o[4][0] != "i"]
    certain = len(kept)
    for o in sorted((o for o in labels if o[4][0] == "i"), key=lambda o: -o[6]):
        same = [(q[:4], k < certain) for k, q in enumerate(kept) if q[4][-1] == o[4][-1]]
        hidden = any(cover(q, o[:4])[0, 0] > 0.5 or (not s and cover(o[:4], q)[0, 0] > 0.5) for q, s in same)
        if not hidden:
            kept.append(o)
    return kept
