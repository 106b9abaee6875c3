#!/usr/bin/env python3
"""One evaluation of the published copper denoiser in plain PyTorch operations: the peer of the network benchmark.

usage: torch_nequip.py REFERENCE_FOLDER [ATOMS] [RUNS] [THREADS]

REFERENCE_FOLDER holds Cu-denoiser.state_dict.pt and Cu-denoiser.json. The network is first held against the published
implementation's displacements in the latter and refused if it is off by more than 1e-5 A, so that what is timed is the network.
It is written the way that favors PyTorch: the species' attributes multiplied into the weights beforehand, edges sorted by receiver,
products as batched matrix products, no gradients, the neighbor search not timed. Prints one line of JSON.
"""
import json
import math
import os
import sys
import time

import torch

# Second moments of the activations under a unit normal are made 1 (e3nn's normalize2mom).
SILU, SIGMOID = 1.6791767923989418, 1.8467055342154763
HIDDEN = [(8, 0), (8, 1), (4, 2)]  # (channels, degree), all parities even
PRE_GATE = [(20, 0), (8, 1), (4, 2)]  # 8 scalars and 12 gates, then what they gate
CUTOFF, NEIGHBORS = 3.2, 12
TOLERANCE = 1e-5


def coupling(state, l1, l2, l3):
    """Wigner 3j tensor [m1, m2, m3]; those with a degree of 0 are multiples of the unit matrix."""
    if 0 in (l1, l2, l3):
        shape = [2 * l1 + 1, 2 * l2 + 1, 2 * l3 + 1]
        return torch.eye(max(shape)).reshape(shape) / math.sqrt(max(shape))
    return state[f"interactions.1.first.conv._compiled_main_left_right._w3j_{l1}_{l2}_{l3}"].float()


def fold(weights, z, inputs, outputs):
    """Matrices [channels in, channels out] of a fully connected product, one per pair of blocks of the same degree."""
    fan_in = {l: len(z) * sum(mul for mul, degree in inputs if degree == l) for _, l in outputs}
    matrices, start = {}, 0
    for i, (mul, l) in enumerate(inputs):
        for o, (channels, degree) in enumerate(outputs):
            if l == degree:
                size = mul * len(z) * channels
                block = weights[start:start + size].reshape(mul, len(z), channels)
                matrices[i, o] = torch.einsum("uvw,v->uw", block, z) / math.sqrt(fan_in[l])
                start += size
    assert start == len(weights)
    return matrices


def merged(matrices, inputs, outputs):
    """Per output block one matrix over all inputs of its degree, which the caller concatenates; None without any."""
    return [torch.cat(parts) if (parts := [matrices[i, o] for i in range(len(inputs)) if (i, o) in matrices]) else None
            for o in range(len(outputs))]


class Layer:
    def __init__(self, state, index, inputs, z):
        name = f"interactions.{index}.first."
        self.inputs = inputs
        self.paths = [(i, h, l3) for i, (_, l1) in enumerate(inputs) for h in range(3)
                      for l3 in range(abs(l1 - h), min(l1 + h, 2) + 1)]
        self.coupling = [math.sqrt(2 * l3 + 1) * coupling(state, inputs[i][1], h, l3) for i, h, l3 in self.paths]
        order = sorted(range(len(self.paths)), key=lambda p: self.paths[p][2])
        aggregate = [(inputs[self.paths[p][0]][0], self.paths[p][2]) for p in order]
        self.of_degree = [[p for p in order if self.paths[p][2] == l] for l in range(3)]
        self.radial = [state[name + "mlp.layer0.weight"] / 4, state[name + "mlp.layer1.weight"] / 8]
        self.lin1 = merged(fold(state[name + "lin1.weight"], z, inputs, inputs), inputs, inputs)
        self.sc = merged(fold(state[name + "sc.weight"], z, inputs, PRE_GATE), inputs, PRE_GATE)
        self.lin2 = merged(fold(state[name + "lin2.weight"], z, aggregate, PRE_GATE), aggregate, PRE_GATE)
        self.alpha = merged(fold(state[name + "alpha.weight"], z, aggregate, [(1, 0)]), aggregate, [(1, 0)])[0]

    def __call__(self, x, receiver, sender, harmonics, basis):
        """x: per block [atoms, 2l+1, channels]."""
        h = [torch.matmul(x[i], self.lin1[i]) for i in range(len(x))]
        hidden = SILU * torch.nn.functional.silu(basis @ self.radial[0])
        weights = hidden @ self.radial[1]
        sent = [block[sender] for block in h]
        messages, start = [], 0
        for (i, degree, _), tensor in zip(self.paths, self.coupling):
            channels = self.inputs[i][0]
            rotation = torch.einsum("em,amb->eba", harmonics[degree], tensor)
            w = weights[:, start:start + channels].unsqueeze(1)
            messages.append(torch.bmm(rotation, sent[i] * w))
            start += channels
        sums = []
        for l in range(3):
            message = torch.cat([messages[p] for p in self.of_degree[l]], 2)
            total = torch.zeros((len(x[0]),) + message.shape[1:])
            sums.append(total.index_add_(0, receiver, message) / math.sqrt(NEIGHBORS))
        alpha = torch.matmul(sums[0], self.alpha)
        pre = []
        for l in range(3):
            value = torch.matmul(sums[l], self.lin2[l])
            pre.append(value if self.sc[l] is None else alpha * value + torch.matmul(x[l], self.sc[l]))
        gates = SIGMOID * torch.sigmoid(pre[0][..., 8:])
        return [SILU * torch.nn.functional.silu(pre[0][..., :8]), pre[1] * gates[..., :8], pre[2] * gates[..., 8:]]


class Network:
    def __init__(self, state):
        z = state["init_embed.embed_node_z.weight"][0]
        self.embedding = state["init_embed.embed_node_x.weight"][0]
        self.layers = [Layer(state, k, HIDDEN if k else [(8, 0)], z) for k in range(3)]
        self.out = fold(state["out.weight"], z, HIDDEN, [(1, 1)])[1, 0]

    def __call__(self, atoms, receiver, sender, vectors):
        """Predicted displacements [atoms, 3]; vectors [edges, 3] from sender to receiver."""
        length = vectors.norm(dim=1, keepdim=True)
        x, y, z = (vectors / length).unbind(1)
        harmonics = [torch.ones(len(vectors), 1), math.sqrt(3) * torch.stack([x, y, z], 1), torch.stack([
            math.sqrt(15) * x * z, math.sqrt(15) * x * y, math.sqrt(5) * (y * y - (x * x + z * z) / 2),
            math.sqrt(15) * y * z, math.sqrt(15) / 2 * (z * z - x * x)], 1)]
        shifted = length + 1e-5
        basis = math.sqrt(2 / CUTOFF) * torch.sin(torch.arange(1, 17) * (math.pi / CUTOFF) * shifted) / shifted
        features = [self.embedding.expand(atoms, 1, -1)]
        for layer in self.layers:
            features = layer(features, receiver, sender, harmonics, basis)
        return torch.matmul(features[1], self.out)[..., 0]


def find_edges(r, cell):
    """All pairs closer than the cutoff; cell [3, 3] of rows, wider than twice the cutoff. Receivers are in order."""
    near = torch.cartesian_prod(*[torch.arange(-1.0, 2.0, dtype=torch.float64)] * 3) @ cell
    # In an orthogonal cell the nearest image is the one of the rounded difference.
    images = near if (cell - cell.diagonal().diag()).any() else torch.zeros(1, 3, dtype=torch.float64)
    inverse = torch.linalg.inv(cell)
    receivers, senders, vectors = [], [], []
    for begin in range(0, len(r), 256):
        d = r[begin:begin + 256, None] - r[None]
        d = d - torch.round(d @ inverse) @ cell
        rows = torch.arange(len(d))
        for image in images:
            v = d + image
            close = (v * v).sum(2) < CUTOFF ** 2
            close[rows, begin + rows] = False
            i, j = close.nonzero(as_tuple=True)
            receivers.append(i + begin)
            senders.append(j)
            vectors.append(v[i, j])
    order = torch.argsort(torch.cat(receivers), stable=True)
    return torch.cat(receivers)[order], torch.cat(senders)[order], torch.cat(vectors)[order].float()


def worst_difference(network, path):
    """Largest difference to the published implementation, A, over all cells of the file."""
    with open(path) as file:
        cases = json.load(file)["cases"]
    worst = 0.0
    for case in cases:
        cell, r = (torch.tensor(case[key], dtype=torch.float64) for key in ("cell", "positions"))
        edges = find_edges(r, cell)
        worst = max(worst, (network(len(r), *edges) - torch.tensor(case["displacement"])).abs().max().item())
    return worst


def rattled_fcc(atoms):
    """The crystal of the other side of the comparison: 3.615 A, normal deviates of 0.03 edges."""
    cells = max(2, round((atoms / 4) ** (1 / 3)))
    torch.manual_seed(12345)
    corner = torch.cartesian_prod(*[torch.arange(cells, dtype=torch.float64)] * 3)
    basis = torch.tensor([[0, 0, 0], [0, .5, .5], [.5, 0, .5], [.5, .5, 0]], dtype=torch.float64)
    sites = (corner[:, None] + basis).reshape(-1, 3)
    return 3.615 * (sites + 0.03 * torch.randn(sites.shape, dtype=torch.float64)), 3.615 * cells * torch.eye(3, dtype=torch.float64)


def main():
    folder = sys.argv[1]
    atoms, runs, threads = (int(sys.argv[k]) if len(sys.argv) > k else default for k, default in ((2, 4000), (3, 5), (4, 1)))
    torch.set_num_threads(threads)
    torch.set_grad_enabled(False)
    network = Network(torch.load(os.path.join(folder, "Cu-denoiser.state_dict.pt")))
    worst = worst_difference(network, os.path.join(folder, "Cu-denoiser.json"))
    if not worst < TOLERANCE:
        sys.exit(f"torch_nequip.py: off by {worst:.2g} A from the published implementation; it is not timed")
    r, cell = rattled_fcc(atoms)
    edges = find_edges(r, cell)
    network(len(r), *edges)
    wall, processor = [], []
    for _ in range(runs):
        start, start_processor = time.perf_counter(), time.process_time()
        network(len(r), *edges)
        wall.append(time.perf_counter() - start)
        processor.append(time.process_time() - start_processor)
    print(json.dumps({"version": torch.__version__, "worst_difference": worst, "atoms": len(r), "edges_per_atom": len(edges[0]) / len(r),
                      "threads": threads, "wall_seconds": sorted(wall)[runs // 2], "processor_seconds": sorted(processor)[runs // 2]}))


if __name__ == "__main__":
    main()
