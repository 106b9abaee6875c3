#include "crystal.h"

#include <math.h>
#include <stdlib.h>

static double uniform(unsigned* state) {
    *state = *state * 1664525u + 1013904223u;
    return ((double)(*state >> 8) + 0.5) / 16777216.0;
}

static double normal(unsigned* state) {
    double radius = sqrt(-2 * log(uniform(state)));
    return radius * cos(6.283185307179586 * uniform(state));
}

crystal crystal_create(int basis, int cells, double lattice, double noise, unsigned seed) {
    static const double fcc[4][3] = {{0, 0, 0}, {0.5, 0.5, 0}, {0.5, 0, 0.5}, {0, 0.5, 0.5}};
    static const double bcc[2][3] = {{0, 0, 0}, {0.5, 0.5, 0.5}};
    crystal c = {basis * cells * cells * cells, 0, cells * lattice, NULL, NULL};
    c.positions = malloc(sizeof(double) * 3 * (size_t)c.count);
    double* r = c.positions;
    for (int cell = 0; cell < cells * cells * cells; cell++) {
        int corner[3] = {cell % cells, cell / cells % cells, cell / cells / cells};
        for (int b = 0; b < basis; b++)
            for (int k = 0; k < 3; k++)
                *r++ = (corner[k] + (basis == 4 ? fcc[b][k] : bcc[b][k]) + 0.25) * lattice + noise * normal(&seed);
    }
    return c;
}

void crystal_add_ghosts(crystal* c, double cutoff) {
    size_t most = (size_t)c->count * 27;
    c->positions = realloc(c->positions, sizeof(double) * 3 * most);
    c->owners = malloc(sizeof(int32_t) * most);
    for (int32_t i = 0; i < c->count; i++)
        for (int image = 0; image < 27; image++) {
            int shift[3] = {image % 3 - 1, image / 3 % 3 - 1, image / 9 - 1}, inside = image != 13;
            double r[3];
            for (int k = 0; k < 3; k++) {
                r[k] = c->positions[3 * i + k] + shift[k] * c->edge;
                /* An owned atom may lie outside of the box by its noise; a margin covers that. */
                inside = inside && r[k] > -cutoff - 1.5 && r[k] < c->edge + cutoff + 1.5;
            }
            if (!inside)
                continue;
            for (int k = 0; k < 3; k++)
                c->positions[3 * (c->count + c->ghost_count) + k] = r[k];
            c->owners[c->ghost_count++] = i;
        }
}

void crystal_free(crystal* c) {
    free(c->positions);
    free(c->owners);
}

dn_frame crystal_frame(const crystal* c, double ghost_cutoff) {
    dn_frame frame = {.struct_size = sizeof frame, .step = 7, .n_local = c->count, .n_ghost = c->ghost_count};
    frame.positions = c->positions;
    frame.ghost_cutoff = ghost_cutoff;
    for (int k = 0; k < 3 && c->ghost_count == 0; k++) {
        frame.cell[4 * k] = c->edge;
        frame.periodic[k] = 1;
    }
    return frame;
}
