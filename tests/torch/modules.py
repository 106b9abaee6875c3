"""
modules.py FOLDER [STATE_DICT CONFIG]: TorchScript programs for the tests, right ones and wrong ones. Needs PyTorch (python3-torch), so the
tests run it in a process of its own.
"""

import sys
from pathlib import Path
from typing import Tuple

import torch

ROOT = Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "examples/torch"))

import nequip  # noqa: E402
from export import export  # noqa: E402

PAIR = {"cutoff": 3.4, "neighbors": 13.0, "scale_length": 2.4854}


class Shifted(torch.nn.Module):
    """Takes shifts, and finds the vectors itself."""

    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def forward(self, positions, species, edges, shifts):
        return self.inner(positions, species, edges, positions[edges[1]] - positions[edges[0]] + shifts)


class PairPush(torch.nn.Module):
    """The gradient of Energy, written out."""

    def forward(self, positions, species, edges, vectors):
        r = (vectors * vectors).sum(dim=1, keepdim=True).sqrt()
        push = -0.1 * (3.4 - r) * vectors / r
        return torch.zeros_like(positions).index_add(0, edges[1], push)


class Energy(torch.nn.Module):
    def forward(self, positions, species, edges, shifts):
        at = positions.detach().requires_grad_(True)
        vectors = at[edges[1]] - at[edges[0]] + shifts
        r = (vectors * vectors).sum(dim=1).sqrt()
        found = torch.autograd.grad([(0.025 * (3.4 - r) ** 2).sum()], [at])[0]
        assert found is not None
        return found


class TwoHeads(torch.nn.Module):
    """Names an atom by its number of neighbors: "many" from 13 on."""

    def forward(self, positions, species, edges, vectors) -> Tuple[torch.Tensor, torch.Tensor]:
        count = torch.zeros_like(positions[:, :1]).index_add(0, edges[1], torch.ones_like(vectors[:, :1]))
        return torch.zeros_like(positions), torch.cat([12.5 - count, count - 12.5], dim=1)


class WrongShape(torch.nn.Module):
    def forward(self, positions, species, edges, vectors):
        return positions[:, :2]


class Throws(torch.nn.Module):
    def forward(self, positions, species, edges, vectors):
        if positions.shape[0] > 0:
            raise RuntimeError("only for water")
        return positions


class TooMany(torch.nn.Module):
    def forward(self, positions, species, edges, vectors):
        return positions, positions


class Words(torch.nn.Module):
    def forward(self, positions, species, edges, vectors):
        return "hello"


class FewArguments(torch.nn.Module):
    def forward(self, positions):
        return positions


class NotANumber(torch.nn.Module):
    def forward(self, positions, species, edges, vectors):
        return torch.zeros_like(positions) / 0


def main(folder, state_dict=None, config=None):
    folder = Path(folder)
    nequip.main(ROOT / "models/metals.pt", folder / "metals.ts.pt")
    if state_dict:
        nequip.main(state_dict, folder / "Cu.ts.pt", config)
    checkpoint = torch.load(ROOT / "models/metals.pt", map_location="cpu")
    inner = nequip.trace(checkpoint["state_dict"], checkpoint["config"], torch.float64)
    said = nequip.describe(checkpoint["config"])
    export(Shifted(inner), folder / "shifted.ts.pt", **said, edges="shift", precision="double")
    export(Shifted(inner), folder / "one-layer.ts.pt", **{**said, "layers": 1}, edges="shift", precision="double")
    export(PairPush(), folder / "push.ts.pt", **PAIR, layers=1)
    export(Energy(), folder / "energy.ts.pt", **PAIR, layers=2, edges="shift", precision="double", gradients=True)
    export(TwoHeads(), folder / "named.ts.pt", **PAIR, layers=1, classes=["few", "many"])
    for wrong in (WrongShape, Throws, TooMany, Words, FewArguments, NotANumber):
        export(wrong(), folder / f"{wrong.__name__}.ts.pt", **PAIR, layers=1)
    export(PairPush(), folder / "typo.ts.pt", **PAIR, layers=1, cutof=3)
    torch.jit.save(torch.jit.script(PairPush()), str(folder / "bare.ts.pt"))


if __name__ == "__main__":
    main(*sys.argv[1:])
