#!/usr/bin/env python3
"""Writes a copper crystal of 864 atoms whose atoms are moved at random by 0.2 Å in every direction: make_crystal.py OUTPUT.xyz"""
import random
import sys

LATTICE, CELLS, NOISE = 3.615, 6, 0.2
BASIS = ((0, 0, 0), (0.5, 0.5, 0), (0.5, 0, 0.5), (0, 0.5, 0.5))

random.seed(1)
edge = LATTICE * CELLS
with open(sys.argv[1], "w", encoding="utf-8") as file:
    file.write(f'{len(BASIS) * CELLS**3}\nLattice="{edge} 0 0 0 {edge} 0 0 0 {edge}" Properties=species:S:1:pos:R:3 pbc="T T T"\n')
    for x in range(CELLS):
        for y in range(CELLS):
            for z in range(CELLS):
                for b in BASIS:
                    r = [(corner + offset) * LATTICE + random.gauss(0, NOISE) for corner, offset in zip((x, y, z), b)]
                    file.write("Cu {:.6f} {:.6f} {:.6f}\n".format(*r))
