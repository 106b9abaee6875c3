using System.Runtime.InteropServices;

namespace Denoise.Networks.Engines.Torch;

/// <summary>One evaluation by a module, compiled into both libraries that share it. Arrays are the caller's.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct TorchCall
{
    /// <summary>Rows of positions and species; the first <see cref="OwnedCount"/> of them are answered.</summary>
    public long AtomCount;

    public long OwnedCount;

    public long EdgeCount;

    /// <summary>[atoms, 3] model Å.</summary>
    public double* Positions;

    /// <summary>[atoms]</summary>
    public long* Species;

    /// <summary>[2, edges] senders, then receivers.</summary>
    public long* Edges;

    /// <summary>[edges, 3] vectors from sender to receiver, or shifts, model Å.</summary>
    public double* Vectors;

    /// <summary>[heads] numbers per atom of each.</summary>
    public int* Widths;

    /// <summary>[heads] null, or [owned, width] that is filled.</summary>
    public float** Outputs;

    public int HeadCount;

    /// <summary>Whether the module takes double precision.</summary>
    public int IsDouble;

    /// <summary>Whether the module differentiates something itself.</summary>
    public int NeedsGradients;

    public int Reserved;
}
