"""Writes a PyTorch module as a TorchScript archive for `fix denoise ... engine torch`; docs/torch.md has the contract and the keys."""

import json

import torch


def export(module, path, **description):
    """module(positions, species, edges, vectors) -> displacement or (displacement, logits); description: what denoise.json says."""
    script = torch.jit.script(module.eval())  # a module that was traced stays as it is
    torch.jit.save(script, str(path), _extra_files={"denoise.json": json.dumps(description)})
