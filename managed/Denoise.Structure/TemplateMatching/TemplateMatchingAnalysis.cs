using Denoise.Atoms;
using Denoise.Neighbors;
using Denoise.Structure.Analyses;

namespace Denoise.Structure.TemplateMatching;

/// <summary>
/// Polyhedral template matching: names the structure around every atom whose neighbors, turned and scaled, deviate least from it, and
/// tells deviation, distance of neighbors, orientation, deformation and chemical ordering. Numbers, defaults and axes are OVITO's.
/// Larsen, Schmidt and Schiøtz, Modelling Simul. Mater. Sci. Eng. 24, 055007 (2016), doi:10.1088/0965-0393/24/5/055007.
/// <para>
/// Where which neighbors belong to the nearest, or to those with the largest faces, depends on the order of equal ones, there is no
/// such shell. The neighbors of neighbors that diamond and graphene need are chosen among the atoms within reach of the central one,
/// so that the result does not depend on what else a rank holds.
/// </para>
/// </summary>
public sealed unsafe class TemplateMatchingAnalysis : IAnalysis
{
    /// <summary>Of sums of deviations.</summary>
    private static readonly FixedSum Sum = new(1.0 / (1L << 40));

    /// <summary>By which users name it.</summary>
    public static AnalysisKind Kind { get; } = new("ptm",
        "ptm[:types=fcc+hcp+bcc+ico+sc+cubic-diamond+hexagonal-diamond+graphene,rmsd=R,orientation,deformation,ordering]",
        "polyhedral template matching (Larsen, Schmidt & Schiøtz 2016)", Create);

    private const double DefaultCutoff = 0.1;
    private const int FirstOptional = 3;

    private readonly TemplateSet _set;
    private readonly TemplateMatcher[] _matchers;
    private readonly NearestNeighborFinder<Visitor> _finder;
    private readonly LabelCounts _counts;
    private readonly long[] _sums = new long[FixedSum.Length + 1];
    private readonly Action _match;
    private readonly double _cutoff;
    private readonly int _orientation = -1;
    private readonly int _deformation = -1;
    private readonly int _ordering = -1;

    private AnalysisContext _context = null!;

    private TemplateMatchingAnalysis(
        AnalysisServices services, IReadOnlyCollection<StructureTemplate> templates, double cutoff,
        bool orientation, bool deformation, bool ordering)
    {
        (_set, _cutoff, _match) = (new(templates), cutoff > 0 ? cutoff : double.PositiveInfinity, MatchAll);
        _matchers = [.. Enumerable.Range(0, services.Pool.Count).Select(_ => new TemplateMatcher(_set))];
        _finder = new(services.Pool, services.Grid);
        List<AnalysisColumn> columns =
        [
            new("ptm", ColumnKind.Integer, "StructureType"),
            new("ptm_rmsd", ColumnKind.Real, "RMSD"),
            new("ptm_distance", ColumnKind.Real, "InteratomicDistance"),
        ];
        if (orientation)
        {
            _orientation = columns.Count;
            columns.AddRange("XYZW".Select((axis, k) => new AnalysisColumn(
                $"ptm_orientation[{k + 1}]", ColumnKind.Real, $"Orientation.{axis}")));
        }

        if (deformation)
        {
            _deformation = columns.Count;
            columns.AddRange(Enumerable.Range(0, 9).Select(k => new AnalysisColumn(
                $"ptm_deformation[{k + 1}]", ColumnKind.Real, $"ElasticDeformationGradient.{"XYZ"[k / 3]}{"XYZ"[k % 3]}")));
        }

        if (ordering)
        {
            _ordering = columns.Count;
            columns.Add(new("ptm_ordering", ColumnKind.Integer, "OrderingType"));
        }

        Columns = columns;
        _counts = new("ptm", ["other", .. StructureTemplate.All.Select(template => template.Name.Replace('-', '_'))]);
        Globals = [.. _counts.Globals, new("ptm_mean_rmsd", ColumnKind.Real)];
    }

    public IReadOnlyList<AnalysisColumn> Columns { get; }

    public IReadOnlyList<AnalysisGlobal> Globals { get; }

    public double Cutoff => 0;

    public long MemoryBytes => _finder.MemoryBytes + _matchers.Sum(matcher => matcher.MemoryBytes);

    public void Run(AnalysisContext context)
    {
        _context = context;
        context.Attempt(_match);
        long* types = context.Output.Integers(0);
        double* deviations = context.Output.Reals(1);
        _counts.Count(context, types, context.Output.Globals);
        Array.Clear(_sums);
        for (int i = 0; i < context.Particles.LocalCount; i++)
        {
            if (types[i] == 0 || !context.IsSelected(i))
                continue;
            Sum.Add(_sums, deviations[i]);
            _sums[FixedSum.Length]++;
        }

        context.Sum(_sums);
        long named = _sums[FixedSum.Length];
        context.Output.Globals[_counts.Globals.Count] = named > 0 ? Sum.Value(_sums) / named : 0;
    }

    public void Dispose()
    {
        _finder.Dispose();
        foreach (TemplateMatcher matcher in _matchers)
            matcher.Dispose();
    }

    /// <summary>The first of the four columns of the orientation, where it was asked for.</summary>
    internal int OrientationColumn => _orientation;

    /// <summary>From the keys 'types' and 'rmsd' of another analysis that is built on this one.</summary>
    internal static TemplateMatchingAnalysis WithOrientation(AnalysisArguments arguments, AnalysisServices services) =>
        new(services, Templates(arguments), arguments.Number("rmsd", DefaultCutoff, 0, 10), true, false, false);

    private static TemplateMatchingAnalysis Create(AnalysisArguments arguments, AnalysisServices services) =>
        new(services, Templates(arguments), arguments.Number("rmsd", DefaultCutoff, 0, 10),
            arguments.Flag("orientation"), arguments.Flag("deformation"), arguments.Flag("ordering"));

    private static List<StructureTemplate> Templates(AnalysisArguments arguments)
    {
        IReadOnlyList<string> words = arguments.List("types");
        var templates = new List<StructureTemplate>();
        foreach (string word in words.Count > 0 ? words : ["fcc", "hcp", "bcc"])
        {
            StructureTemplate template = StructureTemplate.All.FirstOrDefault(template => template.Name == word)
                ?? throw arguments.Wrong(
                    $"types={word}: it is one of {string.Join(", ", StructureTemplate.All.Select(template => template.Name))}");
            if (templates.Contains(template))
                throw arguments.Wrong($"types: {word} is given twice");
            templates.Add(template);
        }

        return templates;
    }

    private void MatchAll()
    {
        int usual = _set.HasTwoShells ? TemplateMatcher.WantedOfTwoShells : TopologicalOrder.Most;
        _finder.Run(_context.Particles, usual + 1, usual, _context.NearestRange, new(this));
    }

    private bool Match(int atom, in NearestNeighbors nearest, int worker)
    {
        TemplateMatcher matcher = _matchers[worker];
        bool isDecided = matcher.Match(nearest);
        AnalysisOutput output = _context.Output;
        if (matcher.Template is not { } template)
        {
            (output.Integers(0)[atom], output.Reals(1)[atom], output.Reals(2)[atom]) = (0, 0, 0);
            return isDecided;
        }

        output.Integers(0)[atom] = matcher.Deviation <= _cutoff ? template.Type : 0;
        output.Reals(1)[atom] = matcher.Deviation;
        output.Reals(2)[atom] = template.NeighborDistance / matcher.Scale * _context.HostPerAngstrom;
        if (Columns.Count > FirstOptional)
            WriteOptional(atom, nearest, matcher, template);
        return isDecided;
    }

    private void WriteOptional(int atom, in NearestNeighbors nearest, TemplateMatcher matcher, StructureTemplate template)
    {
        AnalysisOutput output = _context.Output;
        if (_orientation >= 0 || _deformation >= 0)
        {
            Rotation orientation = template.Zone.Reduce(matcher.Fit.Rotation(), out Rotation chosen);
            if (_orientation >= 0)
            {
                output.Reals(_orientation)[atom] = orientation.X;
                output.Reals(_orientation + 1)[atom] = orientation.Y;
                output.Reals(_orientation + 2)[atom] = orientation.Z;
                output.Reals(_orientation + 3)[atom] = orientation.W;
            }

            if (_deformation >= 0)
            {
                double* gradient = stackalloc double[9];
                DeformationGradient.Of(template, matcher.Fit, matcher.Scale, orientation, chosen, gradient);
                for (int k = 0; k < 9; k++)
                    output.Reals(_deformation + k)[atom] = gradient[k];
            }
        }

        if (_ordering >= 0)
            output.Integers(_ordering)[atom] = (long)Ordering(atom, nearest, matcher, template);
    }

    private ChemicalOrdering Ordering(int atom, in NearestNeighbors nearest, TemplateMatcher matcher, StructureTemplate template)
    {
        int* types = _context.AtomTypes;
        if (types == null)
            return ChemicalOrdering.Pure;
        ReadOnlySpan<int> matched = matcher.Matched;
        Span<int> neighbors = stackalloc int[Neighborhood.Most];
        for (int k = 0; k < matched.Length; k++)
            neighbors[k] = types[nearest.Index(matched[k])];
        return OrderingRules.Of(template, types[atom], neighbors[..matched.Length]);
    }

    private readonly struct Visitor(TemplateMatchingAnalysis owner) : INearestVisitor
    {
        public bool Visit(int atom, in NearestNeighbors nearest, int worker) => owner.Match(atom, nearest, worker);
    }
}
