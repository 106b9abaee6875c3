"""
The networks of this repository, and the published denoisers, in plain PyTorch: an example of a module that keeps the contract.

    python3 nequip.py models/metals.pt metals.ts.pt                        # a checkpoint of ours
    python3 nequip.py Cu-denoiser.state_dict.pt Cu.ts.pt Cu-denoiser.json  # a published state dict, and its configuration

Formulas: managed/Denoise.Networks/Models. Bessel functions as the radial basis.
"""

import json
import math
import re
import sys

import torch

from export import export

SILU, SIGMOID, TANH = 1.6791767923989418, 1.8467055342154763, 1.5937334472592695


def parse(text):
    """Irreps as (multiplicity, degree, parity)."""
    blocks = re.findall(r"(\d+)\s*x\s*(\d)([eo])", text)
    return [(int(n), int(l), 1 if p == "e" else -1) for n, l, p in blocks]


def dimension(irreps):
    return sum(n * (2 * l + 1) for n, l, _ in irreps)


def split(x, irreps):
    """[rows, multiplicity, 2 l + 1] of every block."""
    sizes = [n * (2 * l + 1) for n, l, _ in irreps]
    return [part.reshape(-1, n, 2 * l + 1) for part, (n, l, _) in zip(torch.split(x, sizes, dim=1), irreps)]


def order(irreps):
    """Stably sorted as e3nn does, and where each block went."""
    ranks = sorted(range(len(irreps)), key=lambda k: (irreps[k][1], -irreps[k][2] * (-1) ** irreps[k][1]))
    return [irreps[k] for k in ranks], [ranks.index(k) for k in range(len(irreps))]


def merged(irreps):
    out = []
    for n, l, p in irreps:
        if out and out[-1][1:] == (l, p):
            out[-1] = (out[-1][0] + n, l, p)
        else:
            out.append((n, l, p))
    return out


def clebsch_gordan(l1, m1, l2, m2, l3):
    """<l1 m1 l2 m2 | l3 m1+m2>, Racah's formula (DLMF 34.2.4)."""
    f, m3 = math.factorial, m1 + m2
    if abs(m3) > l3:
        return 0.0
    total = sum(
        (-1) ** k / (f(k) * f(l1 + l2 - l3 - k) * f(l1 - m1 - k) * f(l2 + m2 - k) * f(l3 - l2 + m1 + k) * f(l3 - l1 - m2 + k))
        for k in range(max(0, l2 - l3 - m1, l1 - l3 + m2), min(l1 + l2 - l3, l1 - m1, l2 + m2) + 1)
    )
    triangle = f(l1 + l2 - l3) * f(l1 - l2 + l3) * f(-l1 + l2 + l3) / f(l1 + l2 + l3 + 1)
    projections = f(l1 + m1) * f(l1 - m1) * f(l2 + m2) * f(l2 - m2) * f(l3 + m3) * f(l3 - m3)
    return total * math.sqrt((2 * l3 + 1) * triangle * projections)


def to_real(l):
    """[complex m, real r]: e3nn's real harmonics."""
    basis = torch.zeros(2 * l + 1, 2 * l + 1, dtype=torch.complex128)
    for m in range(-l, l + 1):
        if m == 0:
            basis[l, l] = 1
            continue
        sign = (-1) ** m if m > 0 else 1
        basis[l + m, l + abs(m)] = sign / math.sqrt(2)
        basis[l + m, l - abs(m)] = 1j * (sign if m > 0 else -1) / math.sqrt(2)
    return (-1j) ** l * basis


def wigner_3j(l1, l2, l3):
    """The invariant tensor of norm 1."""
    complex_basis = torch.zeros(2 * l1 + 1, 2 * l2 + 1, 2 * l3 + 1, dtype=torch.complex128)
    for m1 in range(-l1, l1 + 1):
        for m2 in range(-l2, l2 + 1):
            if abs(m1 + m2) <= l3:
                complex_basis[l1 + m1, l2 + m2, l3 + m1 + m2] = clebsch_gordan(l1, m1, l2, m2, l3)
    real = torch.einsum("abc,ai,bj,ck->ijk", complex_basis, to_real(l1), to_real(l2), to_real(l3).conj())
    return real.real / math.sqrt(2 * l3 + 1)


def harmonics(l, n):
    """Y_l of unit vectors [edges, 3], |Y_l|^2 = 2 l + 1."""
    x, y, z = n[:, 0], n[:, 1], n[:, 2]
    if l == 0:
        return torch.ones_like(n[:, :1])
    if l == 1:
        return math.sqrt(3) * n
    if l == 2:
        return math.sqrt(15) * torch.stack(
            [x * z, x * y, (3 * y * y - 1) / math.sqrt(12), y * z, (z * z - x * x) / 2], dim=1)
    raise ValueError("harmonics up to l = 2 only")


class Product(torch.nn.Module):
    """Fully connected product of features and scalar attributes."""

    def __init__(self, state, name, inputs, attributes, outputs):
        super().__init__()
        self.inputs, self.outputs = inputs, outputs
        paths = [(i, a, o) for i in range(len(inputs)) for a in range(len(attributes)) for o in range(len(outputs))
                 if inputs[i][1:] == outputs[o][1:]]
        self.paths, weights, at = [], state[f"{name}.weight"].double(), 0
        for i, a, o in paths:
            shape = inputs[i][0], attributes[a][0], outputs[o][0]
            fan = sum(inputs[j][0] * attributes[b][0] for j, b, q in paths if q == o)
            size = math.prod(shape)
            self.register_buffer(f"w{len(self.paths)}", weights[at:at + size].reshape(shape) / math.sqrt(fan))
            self.paths.append((i, a, o))
            at += size
        self.mask = [float(any(q == o for _, _, q in paths)) for o in range(len(outputs))]
        self.attributes = attributes

    def forward(self, x, z):
        xs, zs, outs = split(x, self.inputs), split(z, self.attributes), {}
        for k, (i, a, o) in enumerate(self.paths):
            term = torch.einsum("num,nv,uvw->nwm", xs[i], zs[a][:, :, 0], getattr(self, f"w{k}").to(x.dtype))
            outs[o] = outs[o] + term if o in outs else term
        return torch.cat([outs[o].flatten(1) if o in outs else x.new_zeros(x.shape[0], n * (2 * l + 1))
                          for o, (n, l, _) in enumerate(self.outputs)], dim=1)


class Layer(torch.nn.Module):
    def __init__(self, state, index, inputs, hidden, config):
        super().__init__()
        edge, attributes = parse(config["edge"]), parse(config["nz"])

        def couples(a, b, c):
            return abs(a[1] - b[1]) <= c[1] <= a[1] + b[1] and a[2] * b[2] == c[2]

        keep = [b for b in hidden if any(couples(x, y, b) for x in inputs for y in edge)]
        scalars, gated = [b for b in keep if b[1] == 0], [b for b in keep if b[1] > 0]
        gates = [(sum(n for n, _, _ in gated), 0, 1)] if gated else []
        self.unsorted = scalars + gates + gated
        self.sorted, self.position = order(self.unsorted)
        pre_gate = merged(self.sorted)
        self.scalar_count, self.output, self.inputs = len(scalars), scalars + gated, inputs

        found = [(i, h, (l, inputs[i][2] * edge[h][2])) for i in range(len(inputs)) for h in range(len(edge))
                 for l in range(abs(inputs[i][1] - edge[h][1]), inputs[i][1] + edge[h][1] + 1)
                 if any(b[1:] == (l, inputs[i][2] * edge[h][2]) for b in pre_gate)]
        blocks = [(inputs[i][0], *irrep) for i, _, irrep in found]
        convolution, position = order(blocks)
        self.paths, at = [None] * len(found), 0
        for k, (i, h, (l, _)) in enumerate(found):
            tensor = wigner_3j(inputs[i][1], edge[h][1], l) * math.sqrt(2 * l + 1)
            self.register_buffer(f"c{position[k]}", tensor)
            self.paths[position[k]] = (i, h, at, inputs[i][0])
            at += inputs[i][0]

        name = f"interactions.{index}.first"
        self.sc = Product(state, f"{name}.sc", inputs, attributes, pre_gate)
        self.lin1 = Product(state, f"{name}.lin1", inputs, attributes, inputs)
        self.lin2 = Product(state, f"{name}.lin2", convolution, attributes, pre_gate)
        self.alpha = Product(state, f"{name}.alpha", convolution, attributes, [(1, 0, 1)])
        mask = torch.cat([torch.full((n * (2 * l + 1),), m) for (n, l, _), m in zip(pre_gate, self.sc.mask)])
        self.register_buffer("mask", mask.double())
        self.depth = sum(f"{name}.mlp.layer{k}.weight" in state for k in range(9))
        for k in range(self.depth):
            weight = state[f"{name}.mlp.layer{k}.weight"].double()
            self.register_buffer(f"r{k}", weight / math.sqrt(weight.shape[0]))
        self.norm = 1 / math.sqrt(float(config["Z"]))

    def forward(self, x, z, sender, receiver, basis, envelope, ys):
        h = basis
        for k in range(self.depth):
            h = h @ getattr(self, f"r{k}").to(x.dtype)
            if k < self.depth - 1:
                h = SILU * torch.nn.functional.silu(h)
        h = h * envelope
        xs = split(self.lin1(x, z)[sender], self.inputs)
        messages = [torch.einsum("eua,eb,abc,eu->euc", xs[i], ys[y], getattr(self, f"c{k}").to(x.dtype), h[:, at:at + n]).flatten(1)
                    for k, (i, y, at, n) in enumerate(self.paths)]
        message = torch.cat(messages, dim=1) * self.norm
        total = x.new_zeros(x.shape[0], message.shape[1]).index_add(0, receiver, message)
        mask = self.mask.to(x.dtype)
        pre = self.sc(x, z) + (1 - mask + self.alpha(total, z) * mask) * self.lin2(total, z)

        parts = split(pre, self.sorted)
        out, gate = [], 0
        for b, (n, l, p) in enumerate(self.output):
            is_scalar = b < self.scalar_count
            part = parts[self.position[b if is_scalar else b + 1]]
            if is_scalar:
                part = SILU * torch.nn.functional.silu(part) if p > 0 else TANH * torch.tanh(part)
            else:
                gates = parts[self.position[self.scalar_count]]
                part = part * SIGMOID * torch.sigmoid(gates[:, gate:gate + n])
                gate += n
            out.append(part.flatten(1))
        return torch.cat(out, dim=1)


class Nequip(torch.nn.Module):
    def __init__(self, state, config):
        super().__init__()
        self.register_buffer("node", state["init_embed.embed_node_x.weight"])
        self.register_buffer("attribute", state["init_embed.embed_node_z.weight"])
        self.edge, self.cutoff = parse(config["edge"]), float(config["rc"])
        self.bessel, self.envelope = config["radial"][0], config.get("envelope", "none")
        hidden, features, layers = config["hidden"].split("/"), parse(config["nx"]), []
        for k in range(config["convs"]):
            layers.append(Layer(state, k, features, parse(hidden[min(k, len(hidden) - 1)]), config))
            features = layers[-1].output
        self.layers, self.heads = torch.nn.ModuleList(layers), parse(config["out"])
        self.out = Product(state, "out", features, parse(config["nz"]), self.heads)

    def forward(self, positions, species, edges, vectors):
        sender, receiver = edges[0], edges[1]
        r = (vectors * vectors).sum(dim=1, keepdim=True).sqrt()
        ys = [harmonics(l, vectors / r) for _, l, _ in self.edge]
        x = r + 1e-5
        n = torch.arange(1, self.bessel + 1, dtype=r.dtype, device=r.device)
        basis = math.sqrt(2 / self.cutoff) * torch.sin(n * (math.pi / self.cutoff) * x) / x
        u = r / self.cutoff
        envelope = 1 - u ** 6 * (28 - 48 * u + 21 * u * u) if self.envelope == "polynomial" else torch.ones_like(u)
        h, z = self.node.to(r.dtype)[species], self.attribute.to(r.dtype)[species]
        for layer in self.layers:
            h = layer(h, z, sender, receiver, basis, envelope, ys)
        outputs = [part.flatten(1) for part in split(self.out(h, z), self.heads)]
        return outputs[0] if len(outputs) == 1 else tuple(outputs)


def trace(state, config, dtype=torch.float32):
    """A TorchScript module, traced on three atoms that see each other; shapes stay free."""
    positions = torch.tensor([[0.0, 0.0, 0.0], [2.0, 0.5, 0.0], [0.3, 1.9, 0.7]], dtype=dtype)
    edges = torch.tensor([[0, 1, 0, 2, 1, 2], [1, 0, 2, 0, 2, 1]])
    species = torch.zeros(3, dtype=torch.long)
    vectors = positions[edges[1]] - positions[edges[0]]
    with torch.no_grad():
        return torch.jit.trace(Nequip(state, config).eval(), (positions, species, edges, vectors))


def describe(config):
    """What denoise.json says of it."""
    species = [name for name in config.get("species", []) if isinstance(name, str)]
    said = {"cutoff": float(config["rc"]), "layers": config["convs"], "neighbors": float(config["Z"]),
            "scale_length": float(config.get("scale_length", 0)), "scale_neighbors": config.get("scale_neighbors", 13)}
    return {**said, "species": species, **({"classes": config["classes"]} if config.get("classes") else {})}


def main(source, target, config_file=None):
    loaded = torch.load(source, map_location="cpu")
    state = loaded.get("state_dict", loaded)
    config = loaded.get("config")
    if config_file:
        with open(config_file, encoding="utf-8") as file:
            config = json.load(file)["config"]
        # The density that the published metal denoisers were trained at.
        config = {"scale_length": 2.483, **config}
    export(trace(state, config), target, **describe(config))


if __name__ == "__main__":
    main(*sys.argv[1:])
