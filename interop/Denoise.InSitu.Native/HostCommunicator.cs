using Denoise.Parallel;

namespace Denoise.InSitu.Native;

/// <summary>The host's ranks and ghosts through the callbacks of its <c>dn_host</c>.</summary>
internal sealed unsafe class HostCommunicator : ICommunicator, IHalo
{
    // Twice what the largest machines have. Analyses keep a number per rank, so that junk would take all memory.
    private const int MostRanks = 1 << 24;

    private readonly DnHost _host;

    public HostCommunicator(DnHost host)
    {
        if (host.Size < 1 || host.Rank < 0 || host.Rank >= host.Size)
            throw new SessionException(SessionError.Argument, $"host: rank {host.Rank} of {host.Size} is no rank.");
        if (host.Size > MostRanks)
            throw new SessionException(SessionError.Argument, $"host: {host.Size} ranks are more than the {MostRanks} that are possible.");
        Require(host.AllreduceSumI64, "allreduce_sum_i64");
        Require(host.AllreduceMaxF64, "allreduce_max_f64");
        Require(host.AllreduceMinF64, "allreduce_min_f64");
        Require(host.HaloForwardF32, "halo_forward_f32");
        Require(host.HaloForwardF64, "halo_forward_f64");
        _host = host;
    }

    public int Rank => _host.Rank;

    public int Size => _host.Size;

    public void AllReduceSum(Span<long> values)
    {
        fixed (long* pointer = values)
            Check(_host.AllreduceSumI64(_host.Context, pointer, values.Length), "allreduce_sum_i64");
    }

    public void AllReduceMax(Span<double> values)
    {
        fixed (double* pointer = values)
            Check(_host.AllreduceMaxF64(_host.Context, pointer, values.Length), "allreduce_max_f64");
    }

    public void AllReduceMin(Span<double> values)
    {
        fixed (double* pointer = values)
            Check(_host.AllreduceMinF64(_host.Context, pointer, values.Length), "allreduce_min_f64");
    }

    public void Forward(float* rows, int width) => Check(_host.HaloForwardF32(_host.Context, rows, width), "halo_forward_f32");

    public void Forward(double* rows, int width) => Check(_host.HaloForwardF64(_host.Context, rows, width), "halo_forward_f64");

    private static void Require(void* callback, string name)
    {
        if (callback == null)
            throw new SessionException(SessionError.Argument, $"host: {name} is NULL; every callback is needed.");
    }

    private static void Check(int status, string name)
    {
        if (status != 0)
            throw new SessionException(SessionError.Callback, $"host: the callback {name} returned {status}.");
    }
}
