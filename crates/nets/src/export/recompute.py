"""Measures again what was measured on the nets beside this file. Needs Python 3 and NumPy."""

import json
import math
import os
import struct

import numpy as np


def load(path):
    """The tensors of a safetensors file by name, and its metadata."""
    raw = open(path, "rb").read()
    end = 8 + struct.unpack("<Q", raw[:8])[0]
    header = json.loads(raw[8:end])
    about = header.pop("__metadata__", {})
    kinds = {"F32": "<f4", "F64": "<f8"}
    numbers = lambda t: np.frombuffer(raw[end:][slice(*t["data_offsets"])], kinds[t["dtype"]]).reshape(t["shape"])
    return {name: numbers(t) for name, t in header.items()}, about


erf = np.vectorize(math.erf, otypes=[float])
sigmoid = lambda z: 0.5 * (1 + np.tanh(z / 2))
PHI = {
    "tanh": np.tanh,
    "erf": erf,
    "erf_unit_slope": lambda z: erf(math.sqrt(math.pi) / 2 * z),
    "relu": lambda z: np.maximum(z, 0),
    "leaky_relu": lambda z: np.where(z > 0, z, 0.1 * z),
    "hard_tanh": lambda z: np.clip(z, -1, 1),
    "sigmoid": sigmoid,
    "gelu": lambda z: z * 0.5 * (1 + erf(z / math.sqrt(2))),
    "silu": lambda z: z * sigmoid(z),
    "softplus": lambda z: np.logaddexp(0, z),
    "sin": np.sin,
    "linear": lambda z: z,
}


def pre_activations(net, x, prefix=""):
    """Those of every layer, the outputs last; x is (points, inputs). In double precision."""
    tensors, about = net
    found, h = [], np.asarray(x, float)
    while f"{prefix}layers.{len(found)}.weight" in tensors:
        layer = f"{prefix}layers.{len(found)}."
        found.append(h @ tensors[layer + "weight"].astype(float).T + tensors[layer + "bias"].astype(float))
        h = PHI[about["activation"]](found[-1])
    return found


def outputs(net, x):
    """The outputs (points, outputs) of a perceptron or of a tree of nets with two inputs each."""
    if net[1]["kind"] != "tree":
        return pre_activations(net, x)[-1]
    h = np.asarray(x, float)[:, [int(leaf) for leaf in net[1]["leaves"].split(",")]]
    node = 0
    while h.shape[1] > 1:
        pairs = [h[:, i : i + 2] for i in range(0, h.shape[1], 2)]
        h = np.hstack([pre_activations(net, pair, f"node.{node + i}.")[-1] for i, pair in enumerate(pairs)])
        node += len(pairs)
    return h


def grid(x, y, side):
    """The middles of side × side pixels of a window, from below."""
    middles = lambda low, high: low + (high - low) * (np.arange(side) + 0.5) / side
    return np.stack(np.meshgrid(middles(*x), middles(*y)), -1).reshape(-1, 2)


def patterns(net, x):
    """How many sets of units are on (pre-activation > 0) at the points x."""
    on = np.hstack([z > 0 for z in pre_activations(net, x)[:-1]])
    return len(np.unique(np.packbits(on, axis=1), axis=0))


def regions(net, x, y):
    """How many linear regions a relu net of two inputs and single precision has in a window.

    In whole numbers throughout, so that none is too thin to be counted: weights are multiples of 2^-149, points have three
    homogeneous coordinates.
    """
    whole = np.vectorize(lambda number: int(float(number) * 2.0**149), otypes=[object])
    layers = []
    while f"layers.{len(layers) + 1}.weight" in net[0]:
        layers.append([whole(net[0][f"layers.{len(layers)}.{part}"]) for part in ("weight", "bias")])

    def part(polygon, values, sign):
        found = []
        for i, (p, a) in enumerate(zip(polygon, values)):
            q, b = polygon[i - 1], values[i - 1]
            if a * b < 0:
                crossing = [abs(b) * s + abs(a) * t for s, t in zip(p, q)]
                found.append([c // math.gcd(*crossing) for c in crossing])
            if sign * a >= 0:
                found.append(p)
        return found

    def count(l, polygon, h):
        if l == len(layers):
            return 1
        z = layers[l][0] @ h
        z[:, 2] += layers[l][1] * 2 ** (149 * l)
        pieces = [(polygon, [])]
        for line in z:
            cut = []
            for polygon, on in pieces:
                values = [sum(g * c for g, c in zip(line, p)) for p in polygon]
                if max(values) > 0:
                    cut.append((part(polygon, values, 1), on + [1]))
                if min(values) < 0 or max(values) == 0:
                    cut.append((part(polygon, values, -1), on + [0]))
            pieces = cut
        return sum(count(l + 1, polygon, z * np.array(on, object)[:, None]) for polygon, on in pieces)

    ends = [[float(edge).as_integer_ratio() for edge in pair] for pair in (x, y)]
    corners = [(ends[0][i], ends[1][j]) for i, j in ((0, 0), (1, 0), (1, 1), (0, 1))]
    polygon = [[a * d, c * b, b * d] for (a, b), (c, d) in corners]
    return count(0, polygon, np.array([[1, 0, 0], [0, 1, 0]], object))


def compare(file, readout, recorded, found):
    print(f"{file} {readout}: recorded {recorded!r}, found {found!r}")


if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
