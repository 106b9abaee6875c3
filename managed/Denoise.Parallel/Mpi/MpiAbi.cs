namespace Denoise.Parallel.Mpi;

/// <summary>The three binary interfaces that MPI libraries have: they differ in what a handle is and in the values of constants.</summary>
public enum MpiAbi
{
    /// <summary>Handles are pointers to objects that the library exports (libmpi.so.40).</summary>
    OpenMpi,

    /// <summary>Handles are 32-bit integers: MPICH, Intel MPI, Cray MPICH, MVAPICH (libmpi.so.12).</summary>
    Mpich,

    /// <summary>Handles are pointers with small constant values: the ABI of the MPI 5.0 standard (libmpi_abi.so.1).</summary>
    Standard,
}
