"""
Networks of LLNL's graphite as TorchScript programs. Needs what they were made with: graphite, e3nn, torch_geometric.

    python3 from_graphite.py last.ckpt model.ts.pt --neighbors 12           # the equivariant transformer, a Lightning checkpoint
    python3 from_graphite.py Cu-denoiser.pt model.ts.pt --neighbors 12      # the NequIP of the published denoisers, saved whole

--species Si,O --scale-length 2.483: the keys of docs/torch.md; --cutoff 3.2 where the file does not say it. Only for files that you trust:
a module that was saved whole is a program.
"""

import sys
import types

import torch

import export


class InitialEmbedding(torch.nn.Module):
    """What the denoisers' scripts define themselves, so that their files name it; its weights come from the file."""

    def forward(self, data):
        data.h_node_x = self.embed_node_x(data.x)
        data.h_node_z = self.embed_node_z(data.x)
        data.h_edge = self.embed_edge(data.edge_attr.norm(dim=-1))
        return data


class Nequip(torch.nn.Module):
    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, positions, species, edges, vectors):
        return self.network(types.SimpleNamespace(x=species, edge_index=edges, edge_attr=vectors))


class Transformer(torch.nn.Module):
    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, positions, species, edges, vectors):
        lengths = torch.linalg.norm(vectors, dim=1, keepdim=True)
        return self.network(species, edges, lengths, vectors)[1].reshape(-1, 3)


def load_transformer(checkpoint):
    """A checkpoint of LitEquivariantNoiseNet and what it says: (module, cutoff, layers)."""
    from graphite.nn.models import equivariant_transformer
    from graphite.nn.models.equivariant_transformer import Decoder, Encoder, EquivariantTransformer, Processor

    equivariant_transformer.len = lambda tensor: tensor.shape[0]  # Python's own would be a constant of the trace
    said = checkpoint["hyper_parameters"]
    network = EquivariantTransformer(
        Encoder(said["num_species"], said["node_dim"], said["init_edge_dim"], said["edge_dim"]),
        Processor(said["num_layers"], said["node_dim"], said["num_heads"], said["ff_dim"], said["edge_dim"]),
        Decoder(said["node_dim"], num_scalar_out=1, num_vector_out=1),
    )
    weights = {name[len("model."):]: tensor for name, tensor in checkpoint["state_dict"].items() if name.startswith("model.")}
    network.load_state_dict(weights)
    # The encoder passes messages too.
    return Transformer(network), said["cutoff"], said["num_layers"] + 1


def load(path):
    """(module, its cutoff in Å or None, layers)"""
    import graphite.nn.convs.e3nn_nequip

    # Where graphite kept this module when the denoisers were published.
    sys.modules.setdefault("graphite.nn.conv", types.ModuleType("graphite.nn.conv"))
    sys.modules["graphite.nn.conv.e3nn_nequip_interaction"] = graphite.nn.convs.e3nn_nequip
    sys.modules["__main__"].InitialEmbedding = InitialEmbedding
    saved = export.load(path)
    if isinstance(saved, dict) and "hyper_parameters" in saved:
        return load_transformer(saved)
    return Nequip(saved), None, len(saved.interactions)


def main():
    options = export.options(__doc__)
    options.add_argument("--cutoff", type=float, help="in Å; default: what the checkpoint says")
    options.add_argument("--species", default="", help="chemical symbols in the order of the model's numbers")
    options.add_argument("--scale-length", type=float, help="mean distance to the 13 nearest atoms in training, in Å: for 'scale auto'")
    asked = options.parse_args()

    module, cutoff, layers = load(asked.model)
    cutoff = asked.cutoff or cutoff
    if cutoff is None:
        options.error(f"{asked.model} does not say its cutoff; give --cutoff, in Å.")
    species = [symbol for symbol in asked.species.split(",") if symbol]
    scale = {"scale_length": asked.scale_length} if asked.scale_length else {}
    script = export.trace(module, cutoff, max(1, len(species)))
    export.export(script, asked.out, cutoff=cutoff, layers=layers, neighbors=asked.neighbors, species=species, **scale)


if __name__ == "__main__":
    main()
