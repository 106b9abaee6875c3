/*
 * Denoises the atoms of an extended XYZ file and names their structures, through the C interface of Denoise.InSitu.
 *
 *     denoise_file MODEL.pt INPUT.xyz OUTPUT.xyz
 *
 * INPUT: one frame with Lattice="..." and columns that begin with a symbol and x y z. Any symbols, one species to the
 * network. OUTPUT: the denoised positions, with the structure type of every atom (OVITO's numbers: 1 fcc, 2 hcp, 3 bcc,
 * 4 icosahedral).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "denoise_insitu.h"

typedef struct {
    char (*symbols)[8];
    double* positions;
    double cell[9];
    int count;
} atoms;

static void fail(const char* what) {
    fprintf(stderr, "denoise_file: %s\n", what);
    exit(1);
}

static void* allocate(size_t size) {
    void* memory = malloc(size > 0 ? size : 1);
    if (memory == NULL)
        fail("out of memory");
    return memory;
}

static atoms read_xyz(const char* path) {
    atoms a = {0};
    char line[4096];
    FILE* file = fopen(path, "r");
    if (file == NULL)
        fail("the input cannot be opened");
    if (fgets(line, sizeof line, file) == NULL || sscanf(line, "%d", &a.count) != 1 || a.count < 0)
        fail("line 1 of the input is not a number of atoms");

    const char* lattice = fgets(line, sizeof line, file) == NULL ? NULL : strstr(line, "Lattice=\"");
    double* c = a.cell;
    if (lattice == NULL || sscanf(lattice, "Lattice=\"%lf %lf %lf %lf %lf %lf %lf %lf %lf", c, c + 1, c + 2, c + 3,
                                  c + 4, c + 5, c + 6, c + 7, c + 8) != 9)
        fail("line 2 of the input has no Lattice=\"...\" of nine numbers");

    a.symbols = allocate(sizeof *a.symbols * (size_t)a.count);
    a.positions = allocate(sizeof(double) * 3 * (size_t)a.count);
    for (int i = 0; i < a.count; i++) {
        double* r = a.positions + 3 * i;
        if (fgets(line, sizeof line, file) == NULL ||
            sscanf(line, "%7s %lf %lf %lf", a.symbols[i], r, r + 1, r + 2) != 4)
            fail("an atom's line of the input is missing, or is not a symbol and x y z");
    }
    fclose(file);
    return a;
}

static void write_xyz(const char* path, const atoms* a, const double* positions, const int32_t* types) {
    FILE* file = fopen(path, "w");
    if (file == NULL)
        fail("the output cannot be opened");
    fprintf(file, "%d\nLattice=\"", a->count);
    for (int k = 0; k < 9; k++)
        fprintf(file, "%s%.10g", k == 0 ? "" : " ", a->cell[k]);
    fprintf(file, "\" Properties=species:S:1:pos:R:3:structure_type:I:1 pbc=\"T T T\"\n");
    for (int i = 0; i < a->count; i++)
        fprintf(file, "%s %.8f %.8f %.8f %d\n", a->symbols[i], positions[3 * i], positions[3 * i + 1],
                positions[3 * i + 2], (int)types[i]);
    if (fclose(file) != 0)
        fail("the output could not be written completely");
}

int main(int argc, char** argv) {
    if (argc != 4)
        return fprintf(stderr, "usage: denoise_file MODEL.pt INPUT.xyz OUTPUT.xyz\n"), 2;
    /* A library of another major version reads these structs differently. */
    if (dn_abi_version() / 1000 != DN_ABI_MAJOR)
        fail("libdenoise_insitu.so does not fit the header that this was compiled with");

    /* What is not named is 0, and 0 means the default: at most 8 iterations, scale auto, adaptive common neighbor
     * analysis. */
    dn_session_options options = {.struct_size = sizeof options, .model_path = argv[1], .threads = 2};
    dn_session session = 0;
    if (dn_session_create(&options, NULL, &session) != DN_OK)
        fail(dn_last_error());

    atoms a = read_xyz(argv[2]);
    dn_frame frame = {.struct_size = sizeof frame, .n_local = a.count, .positions = a.positions, .periodic = {1, 1, 1}};
    memcpy(frame.cell, a.cell, sizeof frame.cell);

    double* denoised = allocate(sizeof(double) * 3 * (size_t)a.count);
    int32_t* types = allocate(sizeof(int32_t) * (size_t)a.count);
    dn_result result = {.struct_size = sizeof result, .structure_types = types, .positions = denoised};
    if (dn_session_process(session, &frame, &result) != DN_OK)
        fail(dn_last_error());

    static const char* names[] = {"other", "fcc", "hcp", "bcc", "ico"};
    for (int t = 0; t < 5; t++)
        printf("%-5s %8lld before %8lld after\n", names[t], (long long)result.counts_raw[t],
               (long long)result.counts[t]);
    printf("%d iterations, scale %.4f, rms displacement %.4f\n", (int)result.iterations, result.scale,
           result.rms_displacement);
    write_xyz(argv[3], &a, denoised, types);

    dn_session_destroy(session);
    free(a.symbols), free(a.positions), free(denoised), free(types);
    return 0;
}
