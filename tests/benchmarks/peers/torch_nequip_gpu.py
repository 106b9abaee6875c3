#!/usr/bin/env python3
"""The network of torch_nequip.py on a CUDA device: the peer of the device benchmark.

usage: torch_nequip_gpu.py REFERENCE_FOLDER [ATOMS] [RUNS]

The same checks; times are medians between synchronizations. Prints one line of JSON.
"""
import json
import os
import sys
import time

import torch

import torch_nequip as peer


def main():
    folder = sys.argv[1]
    atoms, runs = (int(sys.argv[k]) if len(sys.argv) > k else default for k, default in ((2, 100_000), (3, 9)))
    torch.set_grad_enabled(False)
    torch.set_default_device("cuda")
    # Products in full single precision, as the check wants them.
    torch.backends.cuda.matmul.allow_tf32 = False
    network = peer.Network(torch.load(os.path.join(folder, "Cu-denoiser.state_dict.pt"), map_location="cuda"))
    worst = peer.worst_difference(network, os.path.join(folder, "Cu-denoiser.json"))
    if not worst < peer.TOLERANCE:
        sys.exit(f"torch_nequip_gpu.py: off by {worst:.2g} A from the published implementation; it is not timed")
    r, cell = peer.rattled_fcc(atoms)
    edges = peer.find_edges(r, cell)
    for _ in range(3):
        network(len(r), *edges)
    wall = []
    for _ in range(runs):
        torch.cuda.synchronize()
        start = time.perf_counter()
        network(len(r), *edges)
        torch.cuda.synchronize()
        wall.append(time.perf_counter() - start)
    median = sorted(wall)[runs // 2]
    print(json.dumps({"version": torch.__version__, "device": torch.cuda.get_device_name(), "worst_difference": worst, "atoms": len(r),
                      "edges_per_atom": len(edges[0]) / len(r), "wall_seconds": median, "atoms_per_second": len(r) / median,
                      "bytes_per_atom": torch.cuda.max_memory_allocated() / len(r)}))


if __name__ == "__main__":
    main()
