using Denoise.Atoms.Memory;

namespace Denoise.Structure.TemplateMatching;

/// <summary>Neighbors chosen to be matched, relative to the atom, with what of them does not depend on the template.</summary>
internal sealed unsafe class Neighborhood : IDisposable
{
    public const int Most = 16;

    private readonly NativeBuffer<double> _positions = new(3 * Most);
    private readonly NativeBuffer<int> _listed = new(Most);

    public double* X => _positions.Pointer;

    public double* Y => _positions.Pointer + Most;

    public double* Z => _positions.Pointer + 2 * Most;

    /// <summary>[count] where each stands in the list of neighbors.</summary>
    public int* Listed => _listed.Pointer;

    public int Count { get; private set; }

    /// <summary>Sum of the squared distances of the neighbors and of the atom from their mean.</summary>
    public double SquareSum { get; private set; }

    public double MeanX { get; private set; }

    public double MeanY { get; private set; }

    public double MeanZ { get; private set; }

    public long MemoryBytes => _positions.CapacityBytes + _listed.CapacityBytes;

    /// <summary>Says that the first so many are set.</summary>
    public void Complete(int count)
    {
        Count = count;
        double x = 0, y = 0, z = 0, squares = 0;
        for (int k = 0; k < count; k++)
        {
            x += X[k];
            y += Y[k];
            z += Z[k];
            squares += X[k] * X[k] + Y[k] * Y[k] + Z[k] * Z[k];
        }

        double share = 1.0 / (count + 1);
        (MeanX, MeanY, MeanZ) = (x * share, y * share, z * share);
        SquareSum = squares - (x * x + y * y + z * z) * share;
    }

    public void Dispose()
    {
        _positions.Dispose();
        _listed.Dispose();
    }
}
