"""Writes a PyTorch module as a TorchScript archive for `fix denoise ... engine torch`; docs/torch.md has the contract and the keys."""

import argparse
import json
import warnings

import torch


def export(module, path, **description):
    """module(positions, species, edges, vectors) -> displacement or (displacement, logits); description: what denoise.json says."""
    script = torch.jit.script(module.eval())  # a module that was traced stays as it is
    torch.jit.save(script, str(path), _extra_files={"denoise.json": json.dumps(description)})


def trace(module, cutoff, kinds=1, dtype=torch.float32, edges="vector"):
    """A module that cannot be scripted, traced with a few atoms of all kinds, every two of them neighbors; cutoff in Å."""
    count = max(6, kinds)
    positions = 0.5 * cutoff * torch.rand(count, 3, generator=torch.Generator().manual_seed(1)).to(dtype)
    pairs = torch.tensor([(i, j) for i in range(count) for j in range(count) if i != j]).T.contiguous()
    vectors = positions[pairs[1]] - positions[pairs[0]]
    inputs = positions, torch.arange(count) % kinds, pairs, torch.zeros_like(vectors) if edges == "shift" else vectors
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", torch.jit.TracerWarning)  # of checks of shapes, which do not change
        return torch.jit.trace(module.eval(), inputs, check_trace=False)


def load(path):
    """What torch.save wrote, a whole module included: such a file is a program, so only for files that one trusts."""
    # PyTorch 1 has no such word, and needs none.
    whole = {} if torch.__version__.startswith("1.") else {"weights_only": False}
    return torch.load(path, map_location="cpu", **whole)


def options(description):
    """The parser of a program that exports a model, with what all of them ask for."""
    parser = argparse.ArgumentParser(description=description.strip().splitlines()[0])
    parser.add_argument("model")
    parser.add_argument("out")
    parser.add_argument("--neighbors", type=float, required=True, help="mean number of neighbors within the cutoff in training")
    return parser
