using Denoise.Atoms;
using Denoise.Structure.Analyses;
using Denoise.Structure.Clusters;
using Denoise.Structure.TemplateMatching;

namespace Denoise.Structure.Grains;

/// <summary>
/// Grains: clusters of neighbors that have the same structure and orientations, by template matching, that differ by less than an angle,
/// the crystal's own rotations considered. Grains are numbered by size; those with fewer atoms than the smallest are none. Between the
/// two largest, where they have the same structure, the misorientation of their mean orientations is measured. Misorientation and
/// fundamental zones as in Larsen, Schmidt and Schiøtz, doi:10.1088/0965-0393/24/5/055007.
/// </summary>
public sealed unsafe class GrainAnalysis : IAnalysis
{
    private const string Form = "grains:cutoff=RC[,angle=5,smallest=50,types=fcc+hcp+bcc,rmsd=0.1]";

    /// <summary>By which users name it.</summary>
    public static AnalysisKind Kind { get; } =
        new("grains", Form, "grains by the orientations of template matching, and the misorientation of the two largest", Create);

    private const double Degree = Math.PI / 180;
    private const int ClusterGlobals = 4;
    private const int Axes = 4;

    private static readonly FixedSum Cosines = new(1.0 / (1L << 40));

    private readonly TemplateMatchingAnalysis _matching;
    private readonly AnalysisOutput _matched;
    private readonly OrientationRule _rule;
    private readonly ClusterAnalysis _clusters;

    // Of the two largest grains: the mean of the quaternions that are turned to that of the atom of the least id; and that atom.
    private readonly long[] _sums = new long[2 * Axes * FixedSum.Length];
    private readonly double[] _first = new double[2];
    private readonly long[] _zones = new long[2 * (Axes + 1)];

    private GrainAnalysis(TemplateMatchingAnalysis matching, OrientationRule rule, ClusterAnalysis clusters)
    {
        (_matching, _matched, _rule, _clusters) = (matching, new(matching), rule, clusters);
        Columns = _clusters.Columns;
        Globals = [.. _clusters.Globals, new("grain_misorientation", ColumnKind.Real)];
    }

    public IReadOnlyList<AnalysisColumn> Columns { get; }

    public IReadOnlyList<AnalysisGlobal> Globals { get; }

    public double Cutoff => _clusters.Cutoff;

    public int ExchangeWidth => Math.Max(OrientationRule.Width, _clusters.ExchangeWidth);

    public void Run(AnalysisContext context)
    {
        AnalysisOutput output = context.Output;
        _matched.Resize(context.Particles.LocalCount);
        context.Output = _matched;
        _matching.Run(context);
        context.Output = output;
        ShowOrientations(context);
        _clusters.Run(context);
        output.Globals[ClusterGlobals] = Misorientation(context);
    }

    public void Dispose()
    {
        _matching.Dispose();
        _matched.Dispose();
        _rule.Dispose();
        _clusters.Dispose();
    }

    private static GrainAnalysis Create(AnalysisArguments arguments, AnalysisServices services)
    {
        double cutoff = arguments.Length("cutoff"), angle = arguments.Number("angle", 5, 0, 180);
        int smallest = arguments.Integer("smallest", 50, 1, int.MaxValue);
        OrientationRule rule = new(angle * Degree);
        return new(TemplateMatchingAnalysis.WithOrientation(arguments, services), rule,
            new(services.Pool, "grain", rule, cutoff, smallest));
    }

    /// <summary>To ghosts, too. Collective.</summary>
    private void ShowOrientations(AnalysisContext context)
    {
        _rule.Rows.Resize((long)OrientationRule.Width * context.Particles.Count);
        long* types = _matched.Integers(0);
        int first = _matching.OrientationColumn;
        double* row = _rule.Rows.Pointer;
        for (int i = 0; i < context.Particles.LocalCount; i++, row += OrientationRule.Width)
        {
            // An icosahedron is no crystal.
            row[0] = types[i] == (long)StructureType.Icosahedral ? 0 : types[i];
            for (int k = 0; k < Axes; k++)
                row[1 + k] = _matched.Reals(first + k)[i];
        }

        context.Halo.Forward(_rule.Rows.Pointer, OrientationRule.Width);
    }

    /// <summary>Degrees; 0 where there are not two grains of one structure. Collective.</summary>
    private double Misorientation(AnalysisContext context)
    {
        long* grains = context.Output.Integers(0);
        int count = context.Particles.LocalCount;
        // One atom of each, the same whatever the ranks: that of the least id, or the first where there are none.
        _first.AsSpan().Fill(double.PositiveInfinity);
        for (int i = 0; i < count; i++)
            if (grains[i] is 1 or 2)
                _first[grains[i] - 1] = Math.Min(_first[grains[i] - 1], Id(context, i));
        context.Communicator.AllReduceMin(_first);
        Array.Clear(_zones);
        for (int i = 0; i < count; i++)
            if (grains[i] is 1 or 2 && Id(context, i) == _first[grains[i] - 1])
                for (int k = 0; k <= Axes; k++)
                    _zones[(Axes + 1) * (grains[i] - 1) + k] = BitConverter.DoubleToInt64Bits(_rule.Rows[OrientationRule.Width * (long)i + k]);
        context.Sum(_zones);
        int type = (int)BitConverter.Int64BitsToDouble(_zones[0]), other = (int)BitConverter.Int64BitsToDouble(_zones[Axes + 1]);
        if (type == 0 || type != other)
            return 0;
        Array.Clear(_sums);
        for (int i = 0; i < count; i++)
            if (grains[i] is 1 or 2)
                Add((int)grains[i] - 1, _rule.ZoneOf(i).Nearest(_rule.OrientationOf(i), Leading((int)grains[i] - 1)));
        context.Sum(_sums);
        return _rule.ZoneOfType(type).Misorientation(Mean(0), Mean(1)) / Degree;
    }

    private static double Id(AnalysisContext context, int atom) =>
        context.Ids == null ? atom + (double)int.MaxValue * context.Communicator.Rank : context.Ids[atom];

    private Rotation Leading(int grain)
    {
        ReadOnlySpan<long> q = _zones.AsSpan((Axes + 1) * grain + 1, Axes);
        return new(Real(q[3]), Real(q[0]), Real(q[1]), Real(q[2]));

        static double Real(long bits) => BitConverter.Int64BitsToDouble(bits);
    }

    private void Add(int grain, Rotation rotation)
    {
        Span<long> sums = _sums.AsSpan(Axes * FixedSum.Length * grain, Axes * FixedSum.Length);
        Cosines.Add(sums, rotation.W);
        Cosines.Add(sums[FixedSum.Length..], rotation.X);
        Cosines.Add(sums[(2 * FixedSum.Length)..], rotation.Y);
        Cosines.Add(sums[(3 * FixedSum.Length)..], rotation.Z);
    }

    private Rotation Mean(int grain)
    {
        ReadOnlySpan<long> sums = _sums.AsSpan(Axes * FixedSum.Length * grain, Axes * FixedSum.Length);
        double w = Cosines.Value(sums), x = Cosines.Value(sums[FixedSum.Length..]);
        double y = Cosines.Value(sums[(2 * FixedSum.Length)..]), z = Cosines.Value(sums[(3 * FixedSum.Length)..]);
        double norm = 1 / Math.Sqrt(w * w + x * x + y * y + z * z);
        return new(w * norm, x * norm, y * norm, z * norm);
    }
}
