using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.Training.Forces;

namespace Denoise.Training.Batches;

/// <summary>
/// One cell to learn from: atoms that were moved, by how much, and the edges between them. Refilled for every sample; memory
/// grows to the largest and stays.
/// </summary>
public sealed unsafe class TrainingCell : IDisposable
{
    /// <summary>Of an atom that no class is asked for.</summary>
    public const int Unlabelled = -1;

    private readonly NativeBuffer<float> _vectors = new();
    private int _edgeCount;

    public int Count { get; private set; }

    public Box Box { get; set; } = Box.Orthogonal(1, 1, 1);

    /// <summary>[Count, 3] Å</summary>
    public NativeBuffer<double> Positions { get; } = new();

    /// <summary>[Count] counted from 0</summary>
    public NativeBuffer<int> Species { get; } = new();

    /// <summary>[Count, 3] what the network should predict: the displacement out of the ideal site, Å.</summary>
    public NativeBuffer<float> Targets { get; } = new();

    /// <summary>[Count] what the network should name: the class, or <see cref="Unlabelled"/>.</summary>
    public NativeBuffer<int> Classes { get; } = new();

    /// <summary>What forces there are; null: none are asked for.</summary>
    public ForceLabels? Labels { get; init; }

    /// <summary>[Count + 1] first edge of every atom</summary>
    public NativeBuffer<int> Starts { get; } = new();

    /// <summary>[EdgeCount] atom at the other end; of a periodic image its owner</summary>
    public NativeBuffer<int> Neighbors { get; } = new();

    public int EdgeCount => _edgeCount;

    /// <summary>Å; infinite without edges.</summary>
    public double ShortestEdge { get; internal set; } = double.PositiveInfinity;

    /// <summary>[EdgeCount] components of r_atom - r_neighbor, Å</summary>
    public float* X => _vectors.Pointer;

    public float* Y => _vectors.Pointer + _edgeCount;

    public float* Z => _vectors.Pointer + 2L * _edgeCount;

    /// <summary>Å of an edge.</summary>
    public double Length(int edge) => Math.Sqrt((double)X[edge] * X[edge] + (double)Y[edge] * Y[edge] + (double)Z[edge] * Z[edge]);

    public void Resize(int count)
    {
        Count = count;
        Positions.Resize(3L * count);
        Targets.Resize(3L * count);
        Species.Resize(count);
        Classes.Resize(count);
        Starts.Resize(count + 1L);
        ResizeEdges(0);
        Starts.Clear();
        Labels?.Resize(count);
    }

    /// <summary>Puts an atom in the place of another one, which is gone; edges are not kept.</summary>
    internal void Move(int from, int to)
    {
        for (int axis = 0; axis < 3; axis++)
        {
            Positions[3 * to + axis] = Positions[3 * from + axis];
            Targets[3 * to + axis] = Targets[3 * from + axis];
        }

        (Species[to], Classes[to]) = (Species[from], Classes[from]);
    }

    /// <summary>Keeps the first atoms; edges are not kept.</summary>
    internal void Truncate(int count) => Resize(count);

    /// <summary>
    /// Moves every atom by what was predicted for it, as an iteration of denoising does; what is left becomes the target. Atoms of a
    /// melt, whose target is exactly 0, keep that. Lengths are rounded to single precision, so that <see cref="CellTensors"/> hold
    /// them exactly. Forces that were told belong to where the atoms were.
    /// </summary>
    /// <param name="residuals">[Count, 3] targets less predictions, Å</param>
    internal void Iterate(ReadOnlySpan<float> residuals)
    {
        Box = Box with { A = Rounded(Box.A), B = Rounded(Box.B), C = Rounded(Box.C), Origin = Rounded(Box.Origin) };
        for (int i = 0; i < Count; i++)
        {
            Span<float> target = Targets.Span.Slice(3 * i, 3);
            bool isMolten = target is [0, 0, 0];
            for (int k = 0; k < 3; k++)
            {
                float residual = residuals[3 * i + k];
                Positions[3 * i + k] = (float)(Positions[3 * i + k] - ((double)target[k] - residual));
                target[k] = isMolten ? 0 : residual;
            }
        }

        Labels?.Told.Clear();
    }

    public void Dispose()
    {
        Positions.Dispose();
        Species.Dispose();
        Targets.Dispose();
        Classes.Dispose();
        Starts.Dispose();
        Neighbors.Dispose();
        _vectors.Dispose();
        Labels?.Dispose();
    }

    private static Vec3 Rounded(Vec3 v) => new((float)v.X, (float)v.Y, (float)v.Z);

    internal void ResizeEdges(int count)
    {
        _edgeCount = count;
        Neighbors.Resize(count);
        _vectors.Resize(3L * count);
    }
}
