using System.Runtime.InteropServices;
using Denoise.Atoms;

namespace Denoise.Parallel.Mpi;

/// <summary>
/// The host's MPI library, found and bound at run time, so that one binary works with every MPI. About twenty functions are
/// called through pointers. Handles travel as <c>nint</c>: on the 64-bit Linux calling conventions (x86-64 SysV, AArch64 AAPCS)
/// an argument fills a whole register or stack slot, of which a library with 32-bit handles reads the lower half.
/// </summary>
internal sealed unsafe class MpiLibrary
{
    /// <summary>Path or name of the library to load instead of searching.</summary>
    public const string PathVariable = "DENOISE_MPI_LIB";

    // libmpich.so.12 is Debian's name for libmpi.so.12. Plain libmpi.so is there only with development files, and may be any.
    private static readonly string[] OpenMpiNames = ["libmpi.so.40"];
    private static readonly string[] MpichNames = ["libmpi.so.12", "libmpich.so.12"];
    private static readonly string[] OtherNames = ["libmpi_abi.so.1", "libmpi.so"];

    // The classic C signatures; every int is a C int, every nint a handle or a pointer.
    public readonly delegate* unmanaged<int*, byte***, int> Init;
    public readonly delegate* unmanaged<int*, int> Initialized;
    public readonly delegate* unmanaged<int> FinalizeAll;
    public readonly delegate* unmanaged<nint, int, int> Abort;
    public readonly delegate* unmanaged<nint, int*, int> CommRank;
    public readonly delegate* unmanaged<nint, int*, int> CommSize;
    public readonly delegate* unmanaged<nint, int> Barrier;
    public readonly delegate* unmanaged<void*, int, nint, int, nint, int> Broadcast;
    public readonly delegate* unmanaged<void*, void*, int, nint, nint, nint, int> AllReduce;
    public readonly delegate* unmanaged<void*, int, nint, void*, int, nint, nint, int> AllToAll;
    public readonly delegate* unmanaged<void*, int, nint, int, int, nint, void*, int> ISend;
    public readonly delegate* unmanaged<void*, int, nint, int, int, nint, void*, int> IReceive;
    public readonly delegate* unmanaged<int, int, nint, int*, void*, int> IProbe;
    public readonly delegate* unmanaged<int, void*, void*, int> WaitAll;
    public readonly delegate* unmanaged<int, void*, int*, void*, int> TestAll;

    private MpiLibrary(nint library, string name)
    {
        Name = name;
        Abi = AbiOf(library);
        Constants = MpiConstants.Of(Abi, library);
        Init = (delegate* unmanaged<int*, byte***, int>)Find(library, "MPI_Init");
        Initialized = (delegate* unmanaged<int*, int>)Find(library, "MPI_Initialized");
        FinalizeAll = (delegate* unmanaged<int>)Find(library, "MPI_Finalize");
        Abort = (delegate* unmanaged<nint, int, int>)Find(library, "MPI_Abort");
        CommRank = (delegate* unmanaged<nint, int*, int>)Find(library, "MPI_Comm_rank");
        CommSize = (delegate* unmanaged<nint, int*, int>)Find(library, "MPI_Comm_size");
        Barrier = (delegate* unmanaged<nint, int>)Find(library, "MPI_Barrier");
        Broadcast = (delegate* unmanaged<void*, int, nint, int, nint, int>)Find(library, "MPI_Bcast");
        AllReduce = (delegate* unmanaged<void*, void*, int, nint, nint, nint, int>)Find(library, "MPI_Allreduce");
        AllToAll = (delegate* unmanaged<void*, int, nint, void*, int, nint, nint, int>)Find(library, "MPI_Alltoall");
        ISend = (delegate* unmanaged<void*, int, nint, int, int, nint, void*, int>)Find(library, "MPI_Isend");
        IReceive = (delegate* unmanaged<void*, int, nint, int, int, nint, void*, int>)Find(library, "MPI_Irecv");
        IProbe = (delegate* unmanaged<int, int, nint, int*, void*, int>)Find(library, "MPI_Iprobe");
        WaitAll = (delegate* unmanaged<int, void*, void*, int>)Find(library, "MPI_Waitall");
        TestAll = (delegate* unmanaged<int, void*, int*, void*, int>)Find(library, "MPI_Testall");
    }

    /// <summary>What was loaded, for messages.</summary>
    public string Name { get; }

    public MpiAbi Abi { get; }

    public MpiConstants Constants { get; }

    /// <exception cref="InputException">no MPI library was found, or the one asked for cannot be loaded</exception>
    public static MpiLibrary Load(MpiLauncher launcher)
    {
        if (Environment.GetEnvironmentVariable(PathVariable) is { Length: > 0 } path)
        {
            try
            {
                return new(NativeLibrary.Load(path), path);
            }
            catch (Exception failure) when (failure is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException)
            {
                throw new InputException($"{PathVariable}: '{path}' is not a usable MPI library ({failure.Message}).", failure);
            }
        }

        nint program = NativeLibrary.GetMainProgramHandle();
        if (NativeLibrary.TryGetExport(program, "MPI_Init", out _))
            return new(program, "the MPI library of this program");

        string[] names = launcher.Family == MpiAbi.Mpich
            ? [.. MpichNames, .. OtherNames, .. OpenMpiNames]
            : [.. OpenMpiNames, .. OtherNames, .. MpichNames];
        foreach (string name in names)
            if (NativeLibrary.TryLoad(name, out nint library) && NativeLibrary.TryGetExport(library, "MPI_Init", out _))
                return new(library, name);

        throw new InputException(
            $"started by {launcher.Name}, but no MPI library was found (tried {string.Join(", ", names)}): " +
            $"add its folder to LD_LIBRARY_PATH or set {PathVariable} to its path; " +
            $"{MpiLauncher.SwitchVariable}=off runs each process alone.");
    }

    private static MpiAbi AbiOf(nint library)
    {
        if (NativeLibrary.TryGetExport(library, "MPI_Abi_get_version", out nint getVersion))
        {
            int major = -1, minor = -1;
            // A library that has the function but speaks its own ABI answers -1.
            if (((delegate* unmanaged<int*, int*, int>)getVersion)(&major, &minor) == 0 && major > 0)
                return MpiAbi.Standard;
        }

        return NativeLibrary.TryGetExport(library, "ompi_mpi_comm_world", out _) ? MpiAbi.OpenMpi : MpiAbi.Mpich;
    }

    private static nint Find(nint library, string function) => NativeLibrary.GetExport(library, function);
}
