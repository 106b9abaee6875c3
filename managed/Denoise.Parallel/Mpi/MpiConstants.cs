using System.Runtime.InteropServices;

namespace Denoise.Parallel.Mpi;

/// <summary>The handles that a C program gets from <c>mpi.h</c>, for the library at hand; RequestBytes is sizeof(MPI_Request).</summary>
internal sealed record MpiConstants(nint World, nint Byte, nint Int64, nint Double, nint Sum, nint Max, nint Min, int RequestBytes)
{
    public static MpiConstants Of(MpiAbi abi, nint library) => abi switch
    {
        MpiAbi.OpenMpi => new(
            NativeLibrary.GetExport(library, "ompi_mpi_comm_world"),
            NativeLibrary.GetExport(library, "ompi_mpi_byte"),
            NativeLibrary.GetExport(library, "ompi_mpi_int64_t"),
            NativeLibrary.GetExport(library, "ompi_mpi_double"),
            NativeLibrary.GetExport(library, "ompi_mpi_op_sum"),
            NativeLibrary.GetExport(library, "ompi_mpi_op_max"),
            NativeLibrary.GetExport(library, "ompi_mpi_op_min"),
            RequestBytes: 8),

        // Values from MPICH's mpi.h; the MPICH ABI initiative has kept them since 2014.
        MpiAbi.Mpich => new(
            World: 0x44000000, Byte: 0x4c00010d, Int64: 0x4c00083a, Double: 0x4c00080b,
            Sum: 0x58000003, Max: 0x58000001, Min: 0x58000002, RequestBytes: 4),

        // MPI 5.0, appendix A.1: "ABI values".
        MpiAbi.Standard => new(
            World: 0x101, Byte: 0x247, Int64: 0x258, Double: 0x214,
            Sum: 0x21, Max: 0x23, Min: 0x22, RequestBytes: 8),

        _ => throw new ArgumentOutOfRangeException(nameof(abi)),
    };
}
