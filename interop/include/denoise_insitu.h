/*
 * Denoise.InSitu: removes the thermal motion of atoms with a score network and names their crystal structure, inside a running
 * simulation. This header is the contract: written by hand, C11 and C++17, no dependencies.
 *
 *     dn_session s = 0;
 *     dn_session_options o = {sizeof o};  o.model_path = "model.pt";
 *     if (dn_session_create(&o, NULL, &s)) fail(dn_last_error());
 *     if (dn_session_process(s, &frame, &result)) fail(dn_last_error());
 *     dn_session_destroy(s);
 *
 * Rules that hold for every function:
 *  - It returns a dn_status; on failure nothing was written to its out-parameters and dn_last_error() holds a sentence that names
 *    the function, the parameter, the problem and the value.
 *  - Every struct starts with struct_size, set by the caller to its own sizeof. Fields are only ever appended; a field that is 0,
 *    or beyond the caller's struct_size, means its default. What a library is too old to know must be 0 where it is handed in.
 *  - Pointers are borrowed for the call and may be NULL only where the comment says so, or where their count is 0.
 *  - All functions may be called from any thread, one call per session at a time. Callbacks run on the thread that called.
 *  - After a call signal handlers and the floating-point environment are as they were before it. While one runs, SIGSEGV and SIGFPE
 *    are the library's, which hands on what is not its own, and floating-point traps are off. SIGRTMIN is the library's from its first
 *    call on; it may not be blocked or handled by the host.
 *  - fork: a child that execs may do as it likes. Any other child of a process that has used the library gets DN_ERROR_FORK from every
 *    function that returns a status, and must end by _exit or exec; a child may use the library where the parent had not yet.
 */
#ifndef DENOISE_INSITU_H
#define DENOISE_INSITU_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define DN_ABI_MAJOR 1
#define DN_ABI_MINOR 8

/* What a call returned. Values are only ever appended. */
typedef int32_t dn_status;
#define DN_OK 0
#define DN_ERROR_ARGUMENT 1      /* a parameter is wrong: NULL, negative, not finite, unknown value */
#define DN_ERROR_HANDLE 2        /* the session does not exist, was destroyed, or is in another call */
#define DN_ERROR_IO 3            /* a file could not be opened, read or written */
#define DN_ERROR_FORMAT 4        /* a file was read and is not what it should be */
#define DN_ERROR_INPUT 5         /* the atoms of a frame are wrong: not finite, two in one place, unknown species */
#define DN_ERROR_MEMORY 6        /* out of memory */
#define DN_ERROR_COMMUNICATION 7 /* ghosts do not reach far enough, or ranks disagree */
#define DN_ERROR_CALLBACK 8      /* a callback of dn_host returned non-zero */
#define DN_ERROR_OTHER_RANK 9    /* this rank is well; another one failed in the same collective call and has the reason */
#define DN_ERROR_INTERNAL 10     /* a mistake in this library */
#define DN_ERROR_FORK 11         /* this process was forked from one that had used the library; since interface 1.2 */
#define DN_ERROR_DEVICE 12       /* a graphics card, or other device, cannot be used or failed; since interface 1.8 */

/* How structures are identified (dn_session_options.classify). */
#define DN_CLASSIFY_ACNA 0 /* adaptive common neighbor analysis, doi 10.1088/0965-0393/20/4/045021 */
#define DN_CLASSIFY_CNA 1  /* common neighbor analysis with the fixed cutoff cna_cutoff */
#define DN_CLASSIFY_NONE 2 /* positions only */
#define DN_CLASSIFY_MODEL 3 /* by the logits of the model; since interface 1.4 */
#define DN_CLASSIFY_AUTO 4  /* DN_CLASSIFY_REFERENCES where the model holds some, DN_CLASSIFY_MODEL where it has logits, else
                               DN_CLASSIFY_ACNA; since interface 1.4 */
#define DN_CLASSIFY_ANALYSIS 5 /* by the first of the analyses that names atoms, such as "map:FILE"; since interface 1.5 */
#define DN_CLASSIFY_REFERENCES 6 /* by the nearest ideal structure of those in the model; since interface 1.5 */

/* Structure types, with OVITO's numbers. What a model names besides has numbers from 101, and dn_session_get_structure their names. */
#define DN_STRUCTURE_OTHER 0
#define DN_STRUCTURE_FCC 1
#define DN_STRUCTURE_HCP 2
#define DN_STRUCTURE_BCC 3
#define DN_STRUCTURE_ICOSAHEDRAL 4
#define DN_STRUCTURE_COUNT 8 /* length of the counts in dn_result; 5 to 7 are reserved for sc and the diamonds */

/* A session: what is loaded, decided and reused between frames. 0 is no session. */
typedef uint64_t dn_session;

/* major * 1000 + minor of the library. A different major than DN_ABI_MAJOR: do not use it. */
int32_t dn_abi_version(void);

/* The library's version, e.g. "0.1.0". Static storage. */
const char* dn_version(void);

/* Why this thread's last failed call failed: one UTF-8 sentence, never NULL, valid until this thread's next call. */
const char* dn_last_error(void);

/*
 * The processes that share a simulation, as callbacks: no MPI type crosses this interface. Each returns 0, or non-zero to make
 * the running call fail with DN_ERROR_CALLBACK. A callback must not throw and must not call back into the library. All are
 * collective over the ranks. The table and what context points to must stay valid as long as the session.
 */
typedef struct dn_host {
    size_t struct_size;
    void* context; /* handed to every callback */
    int32_t rank;
    int32_t size;
    int32_t (*allreduce_sum_i64)(void* context, int64_t* values, int64_t count);
    int32_t (*allreduce_max_f64)(void* context, double* values, int64_t count);
    int32_t (*allreduce_min_f64)(void* context, double* values, int64_t count);
    /* rows is [n_local + n_ghost, width]: copy the rows of owned atoms to the rows of their ghosts, on all ranks. The values are
     * the same for every periodic image of an atom. width never exceeds dn_session_info's halo_width_*. */
    int32_t (*halo_forward_f32)(void* context, float* rows, int32_t width);
    int32_t (*halo_forward_f64)(void* context, double* rows, int32_t width);
    /* For dn_writer_create with several ranks, else it may be NULL: sends outgoing_bytes[r] bytes at outgoing[r] to rank r and puts
     * incoming_bytes[r] bytes from it at incoming[r], for all r at once. [size] each; 0 bytes, as for the rank itself: nothing. What a
     * rank sends is as long as the other expects. Since interface 1.5. */
    int32_t (*exchange)(void* context, const void* const* outgoing, const int64_t* outgoing_bytes, void* const* incoming,
                        const int64_t* incoming_bytes);
} dn_host;

typedef struct dn_session_options {
    size_t struct_size;
    const char* model_path;     /* checkpoint (.pt), UTF-8; NULL: identify structures only, move nothing */
    int32_t max_iterations;     /* 0: 8; -1: none, the model only names, since interface 1.4 */
    int32_t threads;            /* per rank; 0: 1 */
    double tolerance;           /* atoms that move by less rest, model Å; 0: what suits model and naming; negative: none rests */
    double scale;               /* factor on lengths before the network sees them; 0: found from the structure (auto) */
    int32_t classify;           /* DN_CLASSIFY_* */
    int32_t species_count;      /* length of species */
    const int32_t* species;     /* network species of host type t at [t-1], or -1: atoms of this type are not seen at all;
                                   NULL (count 0): every type is species 0, for networks of one species */
    const char* const* elements; /* instead of species, same length: chemical symbol of host type t at [t-1], matched to the
                                   symbols in the checkpoint, or "NULL": not seen at all; NULL: not used */
    double cna_cutoff;          /* for DN_CLASSIFY_CNA, in host lengths; > 0 */
    double length_unit;         /* Å per host length; 0: 1. With lj units any factor goes, scale auto takes it out again */
    int64_t memory_limit;       /* bytes that frames may take in this process, looked at before they are taken; 0: what the machine and
                                   the limits of this process leave. Since interface 1.2 */
    const char* const* analyses; /* [analysis_count] what else is computed of every frame, such as "centro:neighbors=12", UTF-8, as
                                   docs/analyses.md lists them; lengths in host units. Since interface 1.3 */
    int32_t analysis_count;
    int32_t reserved;
    const char* engine;         /* what evaluates the model, UTF-8: "auto", or NULL; "reference", double precision; "torch", for TorchScript
                                   programs, which runs code in model_path; "torch:cuda", "torch:cuda:N". Since interface 1.5 */
    const char* device;         /* what engine "auto" computes the model on, UTF-8: "cpu", or NULL; "gpu", "gpu:N": NVIDIA cards;
                                   "opencl", "opencl:N": others; "auto": a graphics card, or the processor where none can be used or it
                                   fails, which dn_session_get_warning tells. Without N the ranks of a machine take its devices in turn.
                                   Since interface 1.8 */
    int32_t place_on_node;      /* of this rank among those of its machine, from 1; 0: as mpirun or srun has set in the environment.
                                   Since interface 1.8 */
    int32_t reserved_2;
} dn_session_options;

/* What a host must know of a session. */
typedef struct dn_session_info {
    size_t struct_size;
    double cutoff;           /* of the network in model Å; divide by the scale for Å; 0 without a model */
    int32_t halo_width_f32;  /* largest width that halo_forward_f32 is called with */
    int32_t halo_width_f64;  /* largest width that halo_forward_f64 is called with */
    int32_t species_count;   /* species that the network knows; 0 without a model */
    int32_t reserved;
    double ghost_cutoff_needed; /* by the last frame, also a failed one, in host lengths: dn_frame.ghost_cutoff must not be smaller;
                                   0 before the first frame. The same on all ranks */
    int32_t column_count;    /* of dn_session_get_column: what the analyses compute per atom; since interface 1.3 */
    int32_t global_count;    /* of dn_session_get_global: what they compute of a frame; since interface 1.3 */
    int32_t structure_count; /* of dn_session_get_structure: what atoms may be named; since interface 1.4 */
    int32_t classify;        /* DN_CLASSIFY_* as it is done: never DN_CLASSIFY_AUTO; since interface 1.4 */
} dn_session_info;

/* The kinds of values of columns and globals. */
#define DN_KIND_INTEGER 0
#define DN_KIND_REAL 1

/* What an analysis computes for every atom; since interface 1.3. The names live as long as the session, the rows until its next
 * call. */
typedef struct dn_column {
    size_t struct_size;
    const char* name;        /* unique in the session, lower case; components of a vector: name[1], name[2], ... */
    const char* ovito_name;  /* OVITO's standard property, without blanks; NULL: none */
    const int64_t* integers; /* [n_local] of the last frame, of DN_KIND_INTEGER; NULL before the first, and of the other kind. Rows that
                                are not selected, or not seen, are 0 */
    const double* reals;     /* the same of DN_KIND_REAL */
    int32_t kind;            /* DN_KIND_* */
    int32_t reserved;
} dn_column;

/* What an analysis computes of a frame, equal on all ranks; since interface 1.3. The name lives as long as the session. */
typedef struct dn_global {
    size_t struct_size;
    const char* name; /* unique in the session */
    double value;     /* of the last frame; 0 before the first */
    int32_t kind;     /* DN_KIND_*: integers are exact up to 2^53 */
    int32_t reserved;
} dn_global;

/* A structure that atoms may be named, and how many are; since interface 1.4. The name lives as long as the session. */
typedef struct dn_structure {
    size_t struct_size;
    const char* name;  /* unique in the session; "other" is the first */
    int64_t count;     /* selected atoms of the last frame, on all ranks, after denoising; 0 before the first and after a failure */
    int64_t count_raw; /* before denoising */
    int32_t number;    /* in dn_result.structure_types */
    int32_t reserved;
} dn_structure;

/* One frame, in host units. Owned atoms come first, ghosts after them. */
typedef struct dn_frame {
    size_t struct_size;
    int64_t step;               /* for messages */
    int32_t n_local;            /* atoms that this rank owns; may be 0 */
    int32_t n_ghost;            /* copies of other atoms, own or remote, that halo_forward_* fills; may be 0 */
    const double* positions;    /* [n_local + n_ghost, 3] */
    const int32_t* types;       /* [n_local + n_ghost], from 1; NULL: all 1 */
    const int64_t* ids;         /* [n_local + n_ghost], for messages; NULL: 1, 2, ... */
    const int32_t* selection;   /* [n_local], non-zero: counted and reported; NULL: all. The others are denoised too, as surroundings */
    /* The box: used only where periodic is set, to make the images of atoms as ghosts in the library. Hosts that bring their own
     * ghosts leave periodic at 0. Not with several ranks. */
    double cell[9];             /* rows: the three edge vectors */
    double origin[3];
    int32_t periodic[3];
    int32_t reserved;
    double ghost_cutoff;        /* distance in host lengths around every owned atom within which the ghosts are complete; 0: the host
                                   has no ghosts (n_ghost is 0 on all ranks). Several ranks: the smallest of theirs counts */
    int32_t cell_periodic[3];   /* with periodic 0, for analyses that need the volume, or a reference: whether the whole system is
                                   periodic along the edges of cell; since interface 1.3 */
    int32_t has_cell;           /* non-zero: cell and cell_periodic are set, for analyses; since interface 1.3 */
    const double* forces;       /* [n_local, 3] on owned atoms, eV/Å whatever the host's units are, for a network that is told forces, in its
                                   first iteration; other networks take no notice. NULL: not known. Since interface 1.6 */
} dn_frame;

/* Where the results go. Arrays are the caller's, [n_local] rows, NULL: not wanted. Rows that are not selected, or not seen, get
 * type 0, their own position and displacement 0. The rest is filled by the call, equal on all ranks. */
typedef struct dn_result {
    size_t struct_size;
    int32_t* structure_types;     /* [n_local] after denoising */
    int32_t* structure_types_raw; /* [n_local] before */
    double* positions;            /* [n_local, 3] denoised, host units, near the atom's own image */
    double* displacements;        /* [n_local] distance from the atom to its denoised position, host units */
    int64_t counts[DN_STRUCTURE_COUNT];     /* selected atoms per structure type, after denoising; of the types that have a place here,
                                               see dn_session_get_structure for the others */
    int64_t counts_raw[DN_STRUCTURE_COUNT]; /* before */
    double rms_displacement;      /* over selected atoms, host units */
    double scale;                 /* that was used */
    double largest_prediction;    /* of the last iteration, model Å */
    int32_t iterations;           /* that were done */
    int32_t warnings;             /* DN_WARNING_* bits */
    double seconds;               /* of this call on this rank */
    /* Parts of it that do not overlap: an exchange inside the network counts as halo only, waiting for other ranks included. */
    double seconds_scale, seconds_graph, seconds_network, seconds_halo, seconds_identify;
    double seconds_output;        /* for the rows of the results; since interface 1.1 */
    /* How much of the frame is outside of what the model knows; since interface 1.2. Of all atoms that the network sees, selected or
     * not, on all ranks; 0 without a model. A few are found in good frames too: DN_WARNING_* says where they are too many. */
    int64_t atoms_seen;           /* that the network sees */
    int64_t atoms_held;           /* that it would have moved farther than largest_move, where they were held back */
    int64_t atoms_beyond_noise;   /* whose first predicted displacement is longer than the noise that it was trained with */
    int64_t atoms_odd_density;    /* with far fewer or far more neighbors than the atoms that it was trained on */
    int64_t atoms_unsettled;      /* that it would still move, by more than 2% of a spacing, after the last iteration */
    int64_t atoms_astray;         /* that ended in another direction, by over 60 degrees, than the first prediction had: no noise
                                     was taken off, they were led to a structure that the network knows better */
    double largest_move;          /* no atom is moved farther from where it was, host units; follows from model and scale */
} dn_result;

#define DN_WARNING_GHOSTS_SHORT 1 /* atoms moved so far that ghosts beyond the host's range may have mattered;
                                     dn_session_info.ghost_cutoff_needed says how far is far enough */
/* The model is not made for a frame like this one: structures and positions may be wrong. Since interface 1.2. */
#define DN_WARNING_HELD 2         /* dn_result.atoms_held: any */
#define DN_WARNING_BEYOND_NOISE 4 /* dn_result.atoms_beyond_noise: more than 0.1% */
#define DN_WARNING_ODD_DENSITY 8  /* dn_result.atoms_odd_density: more than 5% */
#define DN_WARNING_UNSETTLED 16   /* dn_result.atoms_unsettled: more than 40% */
#define DN_WARNING_ASTRAY 32      /* dn_result.atoms_astray: more than an eighth */
#define DN_WARNING_NOTHING_SEEN 64 /* no atom is both seen and selected, although there are some: all counts are 0; since 1.2 */

/* A compressed trajectory (.dnz) that is written; since interface 1.5. 0 is none. */
typedef uint64_t dn_writer;

/* A trajectory that is read, .dnz or any other that the library knows; since interface 1.5. 0 is none. */
typedef uint64_t dn_reader;

/* What a .dnz file keeps (dn_writer_options.mode); docs/dnz.md. */
#define DN_WRITE_BOUND 0     /* every coordinate within a bound */
#define DN_WRITE_STRUCTURE 1 /* denoised positions within a bound, the column structure_type, and of the column displacement its root
                                mean square in each block */
#define DN_WRITE_LOSSLESS 2  /* every bit */

/* How a .dnz file is written; since interface 1.5. */
typedef struct dn_writer_options {
    size_t struct_size;
    const char* path;    /* UTF-8; replaced where it exists */
    double bound;        /* largest error of a coordinate, in the lengths of the positions; 0: 0.01. Not of DN_WRITE_LOSSLESS */
    int32_t mode;        /* DN_WRITE_* */
    int32_t key_every;   /* frames from one that needs no other to the next; 0: 64 */
    const char* const* bounded_columns; /* [bounded_count] columns of reals that are kept within column_bounds; others bit for bit */
    const double* column_bounds;        /* [bounded_count], > 0 */
    int32_t bounded_count;
    int32_t reserved;
} dn_writer_options;

/* Atoms at one step, to be written or as they were read; since interface 1.5. What dn_reader_read fills is the library's, until the
 * next call of that reader. */
typedef struct dn_snapshot {
    size_t struct_size;
    int64_t step;
    double time;                 /* where has_time is set */
    int32_t has_time;
    int32_t n_atoms;             /* of this rank; may be 0 */
    const double* positions;     /* [n_atoms, 3] */
    const int64_t* ids;          /* [n_atoms]; NULL to a writer of one rank: 1, 2, ... */
    const int32_t* types;        /* [n_atoms], from 1; NULL to a writer: all 1 */
    double cell[9];              /* rows: the three edge vectors */
    double origin[3];
    int32_t periodic[3];
    int32_t unwrapped;           /* whether positions follow atoms across periodic boundaries */
    const char* units;           /* LAMMPS's name of the units, such as metal; NULL: not known */
    const char* const* elements; /* [element_count] chemical symbol of type t at [t-1], or NULL: not known, as of further types */
    int32_t element_count;
    int32_t column_count;
    const dn_column* const* columns; /* [column_count] further values of each atom, of the same names and kinds on all ranks. Columns of
                                        words are not read */
    double bound;                /* read from .dnz: no coordinate is farther from the original; 0: it is not known, or they are equal */
} dn_snapshot;

/* Positions of the same atoms in some frames, one after the other, for filters of other formats; since interface 1.7. */
typedef struct dn_block {
    size_t struct_size;
    int64_t frames;
    int64_t atoms;     /* in each frame; frames times atoms is at most 2^28 */
    double bound;      /* no coordinate that comes back is farther from the original, > 0; in the lengths of the positions. To pack */
    int32_t is_single; /* 1: positions are float, 0: double */
    int32_t reserved;
} dn_block;

/* Loads the model and decides everything that does not depend on a frame. host NULL: one process. Collective.
 * Errors: ARGUMENT, IO, FORMAT, MEMORY, DEVICE. */
dn_status dn_session_create(const dn_session_options* options, const dn_host* host, dn_session* session);

/* Fills *info (info->struct_size set by the caller). Errors: HANDLE, ARGUMENT. */
dn_status dn_session_get_info(dn_session session, dn_session_info* info);

/* Fills *column for 0 <= index < dn_session_info.column_count. Errors: HANDLE, ARGUMENT. Since interface 1.3. */
dn_status dn_session_get_column(dn_session session, int32_t index, dn_column* column);

/* Fills *global for 0 <= index < dn_session_info.global_count. Errors: HANDLE, ARGUMENT. Since interface 1.3. */
dn_status dn_session_get_global(dn_session session, int32_t index, dn_global* global);

/* Fills *structure for 0 <= index < dn_session_info.structure_count. Errors: HANDLE, ARGUMENT. Since interface 1.4. */
dn_status dn_session_get_structure(dn_session session, int32_t index, dn_structure* structure);

/* What the user should know of the analyses of the last frame, and of the device, sentence by sentence from index 0: *text is UTF-8, the
 * same on all ranks but where it says what befell a rank's device, valid until the next dn_session_process; NULL: no more. Errors:
 * HANDLE, ARGUMENT. Since interface 1.3. */
dn_status dn_session_get_warning(dn_session session, int32_t index, const char** text);

/* Denoises and identifies one frame. Collective. Errors: HANDLE, ARGUMENT, INPUT, MEMORY, COMMUNICATION, CALLBACK, OTHER_RANK,
 * DEVICE. */
dn_status dn_session_process(dn_session session, const dn_frame* frame, dn_result* result);

/* Frees a session; 0 is allowed. Errors: HANDLE. */
dn_status dn_session_destroy(dn_session session);

/* Begins a .dnz file into which all ranks write; the file system must be one that all see. host NULL: one process; of the callbacks
 * halo_forward_* are not called. Whatever ends the run later, frames that were written stay. Collective.
 * Errors: ARGUMENT, IO, MEMORY, COMMUNICATION, CALLBACK, OTHER_RANK. Since interface 1.5. */
dn_status dn_writer_create(const dn_writer_options* options, const dn_host* host, dn_writer* writer);

/* Writes what each rank has of the atoms at a step; all but the atoms is the same on all. Which rank has which atoms has no influence on
 * the file. Collective. Errors: HANDLE, ARGUMENT, INPUT (the file is as before), IO, MEMORY, CALLBACK, OTHER_RANK. Since interface 1.5. */
dn_status dn_writer_write(dn_writer writer, const dn_snapshot* snapshot);

/* Ends the file with its index, without which readers say that the run was interrupted; 0 is allowed. The handle is gone, whatever is
 * returned. Collective. Errors: HANDLE, IO, CALLBACK, OTHER_RANK. Since interface 1.5. */
dn_status dn_writer_close(dn_writer writer);

/* Opens a trajectory; what its format is, its content says. Errors: ARGUMENT, IO, FORMAT, MEMORY. Since interface 1.5. */
dn_status dn_reader_open(const char* path, dn_reader* reader);

/* Reads the next frame: *is_there is 1 and *snapshot filled, or 0 at the end. Errors: HANDLE, ARGUMENT, FORMAT (also of the calls that
 * follow: the frames before are good), IO, MEMORY. Since interface 1.5. */
dn_status dn_reader_read(dn_reader reader, dn_snapshot* snapshot, int32_t* is_there);

/* Passes over the next frame, in most formats without looking at its atoms: *is_there is 1, or 0 at the end. Errors: as of
 * dn_reader_read. Since interface 1.5. */
dn_status dn_reader_skip(dn_reader reader, int32_t* is_there);

/* What is odd in the file so far, sentence by sentence from index 0: *text is UTF-8, valid as long as the reader; NULL: no more.
 * Errors: HANDLE, ARGUMENT. Since interface 1.5. */
dn_status dn_reader_get_warning(dn_reader reader, int32_t index, const char** text);

/* Closes the file; 0 is allowed. Errors: HANDLE. Since interface 1.5. */
dn_status dn_reader_close(dn_reader reader);

/* Packs positions [frames, atoms, 3] into *length bytes, which are a .dnz file; *bytes is the library's, until the next call of this
 * function by the same thread. Errors: ARGUMENT, INPUT (a coordinate is not finite, or too large for the bound), MEMORY.
 * Since interface 1.7. */
dn_status dn_block_pack(const dn_block* block, const void* positions, const void** bytes, int64_t* length);

/* Fills positions [frames, atoms, 3] from what dn_block_pack has made of the same frames and atoms; whether they were float or double then
 * does not matter. Errors: ARGUMENT, INPUT (the bytes are damaged, or of something else), MEMORY. Since interface 1.7. */
dn_status dn_block_unpack(const dn_block* block, const void* bytes, int64_t length, void* positions);

/* Destroys all sessions, closes all files, those that are written without an index, and joins all threads; the library stays loaded and
 * usable. Errors: HANDLE while another thread is in a call; what is not in use is destroyed all the same. */
dn_status dn_shutdown(void);

#ifdef __cplusplus
}
#endif

#endif
