"""Loads every exported net of a folder into PyTorch and compares its outputs with the recorded ones.

For each k there are netK.py (a class Net), netK.safetensors (its state dict) and caseK.safetensors (inputs x, outputs y).
"""

import importlib.util
import pathlib
import sys

import torch
from safetensors.torch import load_file

TOLERANCE = 1e-5

folder = pathlib.Path(sys.argv[1])
for path in sorted(folder.glob("net*.py")):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    net = module.Net()
    net.load_state_dict(load_file(path.with_suffix(".safetensors")))
    net.eval()
    case = load_file(folder / path.with_suffix(".safetensors").name.replace("net", "case"))
    with torch.no_grad():
        found = net(case["x"])
    difference = (found - case["y"]).abs().max().item() / max(1.0, case["y"].abs().max().item())
    print(f"{path.stem}: largest difference {difference:.1e}")
    assert found.shape == case["y"].shape and difference <= TOLERANCE, path.stem
