namespace Denoise.Parallel.Decomposition;

/// <summary>
/// Cuts the box into one brick per process by planes parallel to its faces: px × py × pz bricks, whose planes lie where they
/// give each layer the same number of atoms.
/// <code>
///     +-----+---+-------+      fractional coordinates; bricks at an
///     |  2  | . |       |      open end reach to infinity
///     +-----+---+-------+
///     |  0  | 1 |       |      rank = (iz * py + iy) * px + ix
///     +-----+---+-------+
/// </code>
/// Directions that do not repeat use the same fractional coordinate, unwrapped, so atoms outside the box are fine.
/// </summary>
internal sealed class BrickGrid
{
    private const int Bins = 4096;

    private readonly double[][] _cuts = new double[3][];

    /// <summary>[3] bricks along each edge of the box.</summary>
    public int[] Counts { get; } = new int[3];

    /// <summary>[Counts[axis] + 1] planes along an axis, ascending, in fractional coordinates.</summary>
    public double[] Cuts(int axis) => _cuts[axis];

    public int Rank(int ix, int iy, int iz) => (iz * Counts[1] + iy) * Counts[0] + ix;

    /// <summary>The process that owns an atom at a wrapped fractional position; not-a-number belongs to the first brick.</summary>
    public int Owner(double fx, double fy, double fz) => Rank(Layer(0, fx), Layer(1, fy), Layer(2, fz));

    /// <summary>
    /// Chooses px × py × pz = <paramref name="processes"/> with the smallest area between bricks.
    /// </summary>
    /// <param name="lengths">[3] extent of the atoms across each pair of faces, Å</param>
    /// <param name="periodic">[3]</param>
    public void Choose(int processes, ReadOnlySpan<double> lengths, ReadOnlySpan<bool> periodic)
    {
        double best = double.PositiveInfinity;
        for (int px = 1; px <= processes; px++)
        {
            if (processes % px != 0)
                continue;
            for (int py = 1; py <= processes / px; py++)
            {
                if (processes / px % py != 0)
                    continue;
                int pz = processes / px / py;
                double area = Interfaces(px, periodic[0]) / lengths[0] + Interfaces(py, periodic[1]) / lengths[1]
                    + Interfaces(pz, periodic[2]) / lengths[2];
                if (area < best)
                    (best, Counts[0], Counts[1], Counts[2]) = (area, px, py, pz);
            }
        }

        Allocate();
    }

    /// <summary>Places the planes of one axis so that each layer holds the same number of atoms, to a bin's width.</summary>
    /// <param name="fractional">wrapped fractional coordinate of atom i along this axis at [3 i]</param>
    /// <param name="low">smallest coordinate there is</param>
    /// <param name="high">largest</param>
    public unsafe void Balance(int axis, double* fractional, int count, double low, double high, bool periodic)
    {
        double[] cuts = _cuts[axis];
        int layers = Counts[axis];
        (cuts[0], cuts[layers]) = periodic ? (0, 1) : (double.NegativeInfinity, double.PositiveInfinity);
        if (layers == 1)
            return;

        Span<int> histogram = stackalloc int[Bins];
        histogram.Clear();
        double perBin = high > low ? Bins / (high - low) : 0;
        for (long i = 0; i < count; i++)
            // Converting not-a-number gives 0.
            histogram[(int)Math.Clamp((fractional[3 * i] - low) * perBin, 0, Bins - 1)]++;

        long below = 0;
        int bin = 0;
        for (int layer = 1; layer < layers; layer++)
        {
            while (bin < Bins && below + histogram[bin] <= (long)count * layer / layers)
                below += histogram[bin++];
            cuts[layer] = low + (high - low) * bin / Bins;
        }
    }

    /// <summary>Copies the grid of process 0 to all.</summary>
    public unsafe void Broadcast(IMessagePassing communicator)
    {
        fixed (int* counts = Counts)
            communicator.Broadcast(counts, 3 * sizeof(int), 0);
        Allocate();
        foreach (double[] cuts in _cuts)
            fixed (double* pointer = cuts)
                communicator.Broadcast(pointer, cuts.Length * sizeof(double), 0);
    }

    private void Allocate()
    {
        for (int axis = 0; axis < 3; axis++)
            if (_cuts[axis]?.Length != Counts[axis] + 1)
                _cuts[axis] = new double[Counts[axis] + 1];
    }

    private static int Interfaces(int layers, bool periodic) => layers == 1 ? 0 : periodic ? layers : layers - 1;

    private int Layer(int axis, double f)
    {
        double[] cuts = _cuts[axis];
        int layer = 0;
        while (layer + 2 < cuts.Length && f >= cuts[layer + 1])
            layer++;
        return layer;
    }
}
