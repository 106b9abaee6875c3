"""
Models of MACE as TorchScript programs. Needs MACE and e3nn.

    python3 from_mace.py denoiser.model model.ts.pt --neighbors 40 --species Si,O

An energy's displacement is --factor times the force on the atom (default -1: trained with forces that point back to the ideal site);
a model of dipoles displaces by them. --head NAME: of a model with several. Only for files that you trust: a .model is a program.
"""

from typing import Dict

import torch
from e3nn.util import jit

import export


@jit.compile_mode("script")
class Graph(torch.nn.Module):
    """What MACE wants to know of the one graph there is."""

    def __init__(self, model, head: int):
        super().__init__()
        self.kinds = len(model.atomic_numbers)
        self.head = head

    def forward(self, positions: torch.Tensor, species: torch.Tensor, edges: torch.Tensor, shifts: torch.Tensor) -> Dict[str, torch.Tensor]:
        batch = torch.zeros_like(species)
        return {
            "positions": positions,
            "node_attrs": torch.nn.functional.one_hot(species, self.kinds).to(positions.dtype),
            "edge_index": edges,
            "shifts": shifts,
            "unit_shifts": shifts,
            "cell": torch.zeros(3, 3, dtype=positions.dtype, device=positions.device),
            "batch": batch,
            "ptr": torch.tensor([0, positions.shape[0]], device=positions.device),
            "head": torch.tensor([self.head], device=positions.device),
            "charges": torch.zeros_like(positions[:, 0]),
        }


@jit.compile_mode("script")
class Forces(torch.nn.Module):
    def __init__(self, model, head: int, factor: float):
        super().__init__()
        self.model, self.graph, self.factor = model, Graph(model, head), factor

    def forward(self, positions, species, edges, shifts):
        forces = self.model(self.graph(positions, species, edges, shifts), compute_force=True)["forces"]
        assert forces is not None
        return self.factor * forces.detach()


class Dipoles(torch.nn.Module):
    """Traced: MACE's own dipoles cannot be scripted."""

    def __init__(self, model):
        super().__init__()
        self.model, self.graph = model, Graph(model, 0)

    def forward(self, positions, species, edges, shifts):
        return self.model(self.graph(positions, species, edges, shifts), compute_force=False)["atomic_dipoles"].detach()


def main():
    options = export.options(__doc__)
    options.add_argument("--species", required=True, help="chemical symbols in the order of the model's atomic numbers")
    options.add_argument("--factor", type=float, default=-1.0, help="displacement over force, Å of the model over the force's unit")
    options.add_argument("--head", default="")
    asked = options.parse_args()

    model = export.load(asked.model).eval()
    for parameter in model.parameters():
        parameter.requires_grad = False
    layers, precision = int(model.num_interactions), next(model.parameters()).dtype
    has_energy = hasattr(model, "atomic_energies_fn")
    heads = getattr(model, "heads", None) or ["Default"]
    if has_energy:
        script = jit.script(Forces(model, heads.index(asked.head or heads[-1]), asked.factor))
    else:
        script = export.trace(Dipoles(model), float(model.r_max), len(model.atomic_numbers), precision, edges="shift")
    export.export(
        script,
        asked.out,
        cutoff=float(model.r_max),
        # A force is the gradient of energies that reach as far themselves.
        layers=2 * layers if has_energy else layers,
        neighbors=asked.neighbors,
        species=asked.species.split(","),
        edges="shift",
        gradients=has_energy,
        precision="double" if precision == torch.float64 else "single",
    )


if __name__ == "__main__":
    main()
