using Denoise.Atoms.Memory;

namespace Denoise.Networks.Engines.Reference;

/// <summary>Double-precision rows, one per atom or edge: [RowCount, Width], row-major. Keeps its memory between frames.</summary>
public sealed unsafe class FeatureTable : IDisposable
{
    private readonly NativeBuffer<double> _values = new();

    public long RowCount { get; private set; }

    public int Width { get; private set; }

    public double* Pointer => _values.Pointer;

    public long MemoryBytes => _values.CapacityBytes;

    /// <summary>Sets the shape; the content is undefined.</summary>
    public void Resize(long rowCount, int width)
    {
        (RowCount, Width) = (rowCount, width);
        _values.Resize(rowCount * width);
    }

    /// <summary>Valid until the next <see cref="Resize"/>.</summary>
    public Span<double> Row(long row) => new(_values.Pointer + row * Width, Width);

    public void Clear() => _values.Clear();

    /// <summary>A copy of all values, for tests.</summary>
    public double[] ToArray() => _values.Span.ToArray();

    public void Dispose() => _values.Dispose();
}
