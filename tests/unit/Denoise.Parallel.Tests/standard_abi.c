/*
 * The functions that the communicator calls, with the ABI of the MPI 5.0 standard, on top of Open MPI: what a site has that
 * installs libmpi_abi.so.1. The tests build it where there is no such library, to try the third table of constants.
 * Values: MPI 5.0, appendix A.1.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>

typedef void* handle;

static void* find(const char* name)
{
    static void* library;
    if (!library) library = dlopen("libmpi.so.40", RTLD_LAZY | RTLD_LOCAL);
    void* found = library ? dlsym(library, name) : NULL;
    if (!found) abort();
    return found;
}

/* A wrong constant must not work by chance: whatever is not in the table ends the program. */
static handle convert(handle standard)
{
    switch ((uintptr_t)standard) {
    case 0x101: return find("ompi_mpi_comm_world");
    case 0x247: return find("ompi_mpi_byte");
    case 0x258: return find("ompi_mpi_int64_t");
    case 0x214: return find("ompi_mpi_double");
    case 0x21: return find("ompi_mpi_op_sum");
    case 0x22: return find("ompi_mpi_op_min");
    case 0x23: return find("ompi_mpi_op_max");
    default: abort();
    }
}

#define REAL(name, ...) ((int (*)(__VA_ARGS__))find(name))

int MPI_Abi_get_version(int* major, int* minor)
{
    *major = 1;
    *minor = 0;
    return 0;
}

int MPI_Init(int* argc, char*** argv) { return REAL("MPI_Init", int*, char***)(argc, argv); }
int MPI_Initialized(int* flag) { return REAL("MPI_Initialized", int*)(flag); }
int MPI_Finalize(void) { return REAL("MPI_Finalize", void)(); }
int MPI_Abort(handle comm, int code) { return REAL("MPI_Abort", handle, int)(convert(comm), code); }
int MPI_Comm_rank(handle comm, int* rank) { return REAL("MPI_Comm_rank", handle, int*)(convert(comm), rank); }
int MPI_Comm_size(handle comm, int* size) { return REAL("MPI_Comm_size", handle, int*)(convert(comm), size); }
int MPI_Barrier(handle comm) { return REAL("MPI_Barrier", handle)(convert(comm)); }

int MPI_Bcast(void* data, int count, handle type, int root, handle comm)
{
    return REAL("MPI_Bcast", void*, int, handle, int, handle)(data, count, convert(type), root, convert(comm));
}

int MPI_Allreduce(const void* in, void* out, int count, handle type, handle op, handle comm)
{
    return REAL("MPI_Allreduce", const void*, void*, int, handle, handle, handle)(
        in, out, count, convert(type), convert(op), convert(comm));
}

int MPI_Alltoall(const void* in, int n_in, handle type_in, void* out, int n_out, handle type_out, handle comm)
{
    return REAL("MPI_Alltoall", const void*, int, handle, void*, int, handle, handle)(
        in, n_in, convert(type_in), out, n_out, convert(type_out), convert(comm));
}

int MPI_Isend(const void* data, int count, handle type, int rank, int tag, handle comm, handle* request)
{
    return REAL("MPI_Isend", const void*, int, handle, int, int, handle, handle*)(
        data, count, convert(type), rank, tag, convert(comm), request);
}

int MPI_Irecv(void* data, int count, handle type, int rank, int tag, handle comm, handle* request)
{
    return REAL("MPI_Irecv", void*, int, handle, int, int, handle, handle*)(
        data, count, convert(type), rank, tag, convert(comm), request);
}

int MPI_Waitall(int count, handle* requests, void* statuses)
{
    /* A standard status has 32 bytes, Open MPI's 24: those of the caller have room. */
    return REAL("MPI_Waitall", int, handle*, void*)(count, requests, statuses);
}

int MPI_Testall(int count, handle* requests, int* flag, void* statuses)
{
    return REAL("MPI_Testall", int, handle*, int*, void*)(count, requests, flag, statuses);
}

int MPI_Iprobe(int rank, int tag, handle comm, int* flag, void* status)
{
    return REAL("MPI_Iprobe", int, int, handle, int*, void*)(rank, tag, convert(comm), flag, status);
}
