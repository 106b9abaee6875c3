using Denoise.Atoms;
using Denoise.Trajectories.Text;

namespace Denoise.Trajectories.Lammps;

/// <summary>The header of a data file: counts and box. Unlike dumps, data files give the box itself, not its bounding box.</summary>
internal sealed class DataHeader
{
    private readonly double[] _low = new double[3];
    private readonly double[] _high = new double[3];
    private readonly double[] _tilt = new double[3];
    private readonly double[] _origin = new double[3];
    private readonly double[][] _edges = [new double[3], new double[3], new double[3]];
    private int _bounds;
    private int _vectors;

    public long Atoms { get; private set; } = -1;

    public long AtomTypes { get; private set; } = -1;

    /// <summary>Takes a header line, without its comment; false where it is none.</summary>
    public bool TryTake(Fields line, LineScanner scanner)
    {
        Span<double> numbers = stackalloc double[4];
        int n = 0;
        Fields start = line;
        while (n < 4 && line.TryNextDouble(out double value))
            numbers[n++] = value;
        if (n == 0)
            return false;

        // LAMMPS takes any blanks between the words.
        string name = string.Join(' ', FileHead.Words(Utf8.String(line.Rest)));
        if (name == "atoms" && start.TryNextInteger(out long atoms))
            Atoms = atoms;
        else if (name == "atom types" && start.TryNextInteger(out long types))
            AtomTypes = types;
        else if (name == "xlo xhi")
            SetBounds(0, numbers[..n], scanner);
        else if (name == "ylo yhi")
            SetBounds(1, numbers[..n], scanner);
        else if (name == "zlo zhi")
            SetBounds(2, numbers[..n], scanner);
        else if (name == "xy xz yz")
            Copy(numbers[..n], _tilt, "three tilt factors", scanner);
        else if (name == "avec")
            SetEdge(0, numbers[..n], scanner);
        else if (name == "bvec")
            SetEdge(1, numbers[..n], scanner);
        else if (name == "cvec")
            SetEdge(2, numbers[..n], scanner);
        else if (name == "abc origin")
            Copy(numbers[..n], _origin, "three numbers", scanner);
        // Else a count of bonds, angles, ...: of no interest here.
        return true;
    }

    /// <summary>Data files do not say which directions are periodic; LAMMPS's default is all.</summary>
    public Box Box(LineScanner scanner)
    {
        Box box;
        if (_vectors == 7)
            box = new Box(Vector(_edges[0]), Vector(_edges[1]), Vector(_edges[2]), Vector(_origin), true, true, true);
        else if (_bounds == 7)
            box = new Box(
                new(_high[0] - _low[0], 0, 0), new(_tilt[0], _high[1] - _low[1], 0), new(_tilt[1], _tilt[2], _high[2] - _low[2]),
                Vector(_low), true, true, true);
        else
            throw scanner.Fault("the header has no complete box; it needs xlo xhi, ylo yhi and zlo zhi, or avec, bvec and cvec");

        bool ordered = _vectors == 7 || (_high[0] > _low[0] && _high[1] > _low[1] && _high[2] > _low[2]);
        return ordered && box.Volume > 0 && double.IsFinite(box.Volume)
            ? box
            : throw scanner.Fault("the box has no volume; each upper bound must lie above its lower bound");
    }

    private static Vec3 Vector(double[] v) => new(v[0], v[1], v[2]);

    private static void Copy(ReadOnlySpan<double> numbers, double[] target, string what, LineScanner scanner)
    {
        if (numbers.Length != target.Length)
            throw scanner.Fault($"{what} are expected here");
        numbers.CopyTo(target);
    }

    private void SetBounds(int axis, ReadOnlySpan<double> numbers, LineScanner scanner)
    {
        if (numbers.Length != 2)
            throw scanner.Fault("two numbers, a lower and an upper bound, are expected here");
        (_low[axis], _high[axis]) = (numbers[0], numbers[1]);
        _bounds |= 1 << axis;
    }

    private void SetEdge(int axis, ReadOnlySpan<double> numbers, LineScanner scanner)
    {
        Copy(numbers, _edges[axis], "three components of an edge vector", scanner);
        _vectors |= 1 << axis;
    }
}
