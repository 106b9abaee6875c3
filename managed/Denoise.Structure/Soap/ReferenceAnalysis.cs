using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.Structure.Analyses;

namespace Denoise.Structure.Soap;

/// <summary>
/// Names atoms by the nearest ideal structure of a file that <c>denoise reference</c> made, in the space of SOAP descriptors, after Sun et
/// al., J. Chem. Inf. Model. 64, 6369 (2024). Atoms that are far from all are none of these.
/// </summary>
public sealed unsafe class ReferenceAnalysis : IStructureNaming
{
    /// <summary>By which users name it.</summary>
    public static AnalysisKind Kind { get; } = new("reference", "reference:FILE[,types=T1+T2+...]",
        "the nearest of a file's ideal structures by SOAP; T: atom types of the file's elements, named are those of T1 (Sun et al. 2024)",
        (arguments, services) => new ReferenceAnalysis(arguments, services));

    /// <summary>How far the nearest is.</summary>
    public const string DistanceColumn = "reference_distance";

    // Distances are given to that: the last bits follow which rank an atom is on.
    private const double Rounding = 1e-6;

    private readonly ReferenceIdentifier? _identifier;
    private readonly LabelCounts _counts;
    private readonly NativeBuffer<int> _labels = new();
    private readonly int[] _numbers = [];
    private readonly int[] _densityOf;
    private readonly Action _identify;

    private AnalysisContext _context = null!;

    private ReferenceAnalysis(AnalysisArguments arguments, AnalysisServices services)
    {
        string path = arguments.TextOrWord("file") ?? throw arguments.Wrong("a file must be given");
        IReadOnlyList<int> types = arguments.Integers("types", [], 1, 1_000_000);
        _identify = Identify;
        (_densityOf, _counts) = ([0, 0], new("reference"));
        if (services.IsTrial)
            return;
        ReferenceSet set = ReferenceSet.Load(path);
        if (types.Count > 0 && types.Count != set.Elements.Count)
            throw arguments.Wrong(
                $"types={string.Join('+', types)}: {path} describes {string.Join(", ", set.Elements)}, one type is for each");
        if (types.Count == 0 && set.Elements.Count > 1)
            throw arguments.Wrong($"{path} describes {string.Join(", ", set.Elements)}, so that types must be given");
        if (types.Count > 0)
        {
            _densityOf = new int[types.Max() + 1];
            Array.Fill(_densityOf, ReferenceIdentifier.NotNamed);
            for (int k = 0; k < types.Count; k++)
                _densityOf[types[k]] = k;
            if (types.Distinct().Count() < types.Count)
                throw arguments.Wrong($"types={string.Join('+', types)}: one is given twice");
        }
        else
        {
            _densityOf = [];
        }

        Structures = StructureTable.OfClasses(set.Classes);
        _numbers = StructureTable.NumbersOf(set.Classes);
        // In the order of the file.
        _counts = new("reference", [new(NoClass.Name, 0), .. set.Names.Select((name, k) => new NamedStructure(name, _numbers[k]))]);
        _identifier = new(set, services.Pool, services.Grid);
        Cutoff = _identifier.Reach;
    }

    public IReadOnlyList<AnalysisColumn> Columns { get; } =
        [new("reference", ColumnKind.Integer, "StructureType"), new(DistanceColumn, ColumnKind.Real)];

    public IReadOnlyList<AnalysisGlobal> Globals => _counts.Globals;

    public IReadOnlyList<NamedStructure> Structures { get; } = StructureTable.OfClasses([]);

    public double Cutoff { get; }

    public void Run(AnalysisContext context)
    {
        _context = context;
        context.Attempt(_identify);
        _counts.Count(context, context.Output.Integers(0), context.Output.Globals);
    }

    public void Dispose()
    {
        _identifier?.Dispose();
        _labels.Dispose();
    }

    private void Identify()
    {
        int count = _context.Particles.LocalCount;
        _labels.Resize(count);
        double* distances = _context.Output.Reals(1);
        bool areAll = _densityOf.Length == 0, haveTypes = _context.AtomTypes != null;
        // Without types all atoms are of type 1.
        ReadOnlySpan<int> one = [areAll ? 0 : _densityOf.Length > 1 ? _densityOf[1] : ReferenceIdentifier.NotNamed];
        _identifier!.Identify(_context.Particles, areAll ? null : _context.AtomTypes, areAll || !haveTypes ? one : _densityOf,
            _labels.Pointer, distances);
        long* column = _context.Output.Integers(0);
        for (int i = 0; i < count; i++)
        {
            column[i] = _labels[i] < 0 ? ReferenceIdentifier.NotNamed : _numbers[_labels[i]];
            distances[i] = Math.Round(distances[i] / Rounding) * Rounding;
        }
    }
}
