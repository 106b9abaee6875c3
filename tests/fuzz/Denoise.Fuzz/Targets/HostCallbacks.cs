using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Denoise.InSitu.Native;

namespace Denoise.Fuzz.Targets;

/// <summary>A host of one rank, whose ghosts are copies of its own atoms, and whose callbacks may fail.</summary>
internal static unsafe class HostCallbacks
{
    /// <summary>Owned atoms and ghosts of the frame in work; ghost g is a copy of atom g modulo the owned ones.</summary>
    public static int Owned { get; set; }

    public static int Ghosts { get; set; }

    /// <summary>What the callbacks return.</summary>
    public static int Status { get; set; }

    public static DnHost Table() => new()
    {
        StructSize = (nuint)sizeof(DnHost),
        Size = 1,
        AllreduceSumI64 = &Sum,
        AllreduceMaxF64 = &Extremum,
        AllreduceMinF64 = &Extremum,
        HaloForwardF32 = &ForwardSingle,
        HaloForwardF64 = &ForwardDouble,
    };

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Sum(void* context, long* values, long count) => Status;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Extremum(void* context, double* values, long count) => Status;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int ForwardSingle(void* context, float* rows, int width) => Forward(rows, width);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int ForwardDouble(void* context, double* rows, int width) => Forward(rows, width);

    private static int Forward<T>(T* rows, int width)
        where T : unmanaged
    {
        for (int g = 0; g < Ghosts && Owned > 0; g++)
            new Span<T>(rows + (long)(g % Owned) * width, width).CopyTo(new(rows + (long)(Owned + g) * width, width));
        return Status;
    }
}
