"""Agreement over time: what stands or moves through neighbouring pictures of a scene is surer than what is seen once."""
import numpy as np

from .geometry import iou

LINK = 0.45  # least overlap of one vehicle in neighbouring pictures


def agree_over_time(frames):
    """frames: labels of each picture of a scene, in order -> the same. An unsure box becomes sure where the pictures before and after
    have it as sure; a sure box that only one picture knows, while those before and after show the same street with other boxes at the
    same places, becomes unsure. Scenes of unrelated stills have no links and stay as they are."""
    links = [_linked(a, b) for a, b in zip(frames, frames[1:])]
    result = [[list(o) for o in f] for f in frames]
    for k in range(1, len(frames) - 1):
        before, after = {b: a for a, b in links[k - 1].items()}, links[k]
        follows = _standing(frames[k - 1], frames[k], links[k - 1]) and _standing(frames[k], frames[k + 1], links[k])
        for i, label in enumerate(frames[k]):
            sides = [frames[k - 1][before[i]] if i in before else None, frames[k + 1][after[i]] if i in after else None]
            if label[4].startswith("i"):
                if all(s is not None and not s[4].startswith("i") for s in sides):
                    result[k][i][4] = label[4][1:]
            elif follows and sides == [None, None] and label[6] < 9:
                result[k][i][4] = "i" + label[4]
    return result


def _linked(a, b):
    """-> {index in a: index in b} of boxes of one kind that overlap most, one to one."""
    overlap = iou([o[:4] for o in a], [o[:4] for o in b])
    for i, o in enumerate(a):
        for j, q in enumerate(b):
            if o[4][-1] != q[4][-1]:
                overlap[i, j] = 0
    links = {}
    while overlap.size and overlap.max() > LINK:
        i, j = np.unravel_index(overlap.argmax(), overlap.shape)
        links[int(i)] = int(j)
        overlap[i], overlap[:, j] = 0, 0
    return links


def _standing(a, b, links):
    """Whether two pictures are neighbours in time: at least three boxes, and half of them, are found again."""
    return len(links) >= 3 and len(links) >= 0.5 * min(len(a), len(b))
