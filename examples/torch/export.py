"""Writes a PyTorch module as a TorchScript archive for `fix denoise ... engine torch`; docs/torch.md has the contract and the keys."""

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
