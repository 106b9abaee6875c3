using System.Runtime.InteropServices;

namespace Denoise.Networks.Engines.Torch;

/// <summary>One evaluation by a module; the struct of the same name in interop/Denoise.Torch.Native has the same layout.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct TorchCall
{
    public long AtomCount;
    public long OwnedCount;
    public long EdgeCount;
    public double* Positions;
    public long* Species;
    public long* Edges;
    public double* Vectors;
    public int* Widths;
    public float** Outputs;
    public int HeadCount;
    public int IsDouble;
    public int NeedsGradients;
    public int Reserved;
}
