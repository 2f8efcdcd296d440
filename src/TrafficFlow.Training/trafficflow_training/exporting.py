"""weights.pt -> the float32 ONNX file: `image` [1, 3, 256, 448] BGR 0..255 -> `output` [1, cells, 11]: corners in input pixels, then
one score a class. No suppression inside."""
import cv2
import numpy as np
import torch

from .drafts import draft
from .errors import RecipeError
from .geometry import INPUT_HEIGHT, INPUT_WIDTH
from .network import Deployed


def export(net, path, height=INPUT_HEIGHT, width=INPUT_WIDTH):
    """net: folded. Checks the file against the network on noise through OpenCV. -> largest difference of a score."""
    deployed = Deployed(net.cpu().float().eval(), height, width).eval()
    blank = torch.zeros(1, 3, height, width)
    options = dict(input_names=["image"], output_names=["output"], opset_version=13)
    if int(torch.__version__.split(".")[0]) >= 2:
        options.update(opset_version=17, dynamo=False)
    with draft(path) as unfinished:
        torch.onnx.export(deployed, blank, str(unfinished), **options)
    noise = np.random.default_rng(1).uniform(0, 255, (1, 3, height, width)).astype(np.float32)
    reader = cv2.dnn.readNetFromONNX(str(path))
    reader.setInput(noise)
    with torch.no_grad():
        wanted = deployed(torch.from_numpy(noise)).numpy()
    difference = float(np.abs(reader.forward()[..., 4:] - wanted[..., 4:]).max())
    if not difference < 1e-3:
        raise RecipeError(f"{path} scores noise differently from the network, by {difference}: this PyTorch {torch.__version__} exports it wrongly")
    return difference
