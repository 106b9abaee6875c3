using Denoise.Atoms;
using Denoise.Structure.Analyses;
using Denoise.Structure.Clusters;

namespace Denoise.Structure.Dislocations;

/// <summary>
/// Dislocations of fcc, bcc and hcp crystals: the atoms of their cores and the Nye tensor there (<see cref="DislocationCores"/>), the Burgers
/// vector by a circuit around every core atom (<see cref="LineFinder"/>), and lengths by family (<see cref="LineLengths"/>). Core atoms
/// that are close to each other are one line, or several that meet.
/// </summary>
public sealed unsafe class DislocationAnalysis : IAnalysis
{
    private const int GuideRounds = 3;

    // In distances of nearest neighbors.
    private const double Reach = 6, CoreRadius = 2.0, Link = 1.5;

    private static readonly FixedSum Lengths = new(1.0 / (1 << 20));

    /// <summary>By which users name it.</summary>
    public static AnalysisKind Kind { get; } = new("dislocations", "dislocations:structure=fcc|bcc|hcp,lattice=A",
        "dislocation cores, Nye tensor (Hartley & Mishin 2005), Burgers vectors by circuits, line lengths and density", Create);

    private readonly IdealCrystal _crystal;
    private readonly double _near;
    private readonly LatticeMaps _maps;
    private readonly DislocationCores _cores;
    private readonly LineFinder _lines;
    private readonly LineLengths _lengths;
    private readonly CrystalCheck _check;
    private readonly ClusterAnalysis _clusters;
    private readonly AnalysisOutput _clusterOutput;
    private readonly long[] _sums;
    private readonly Action _findMaps, _guide, _findCores, _findLines, _measure, _require;

    private AnalysisContext _context = null!;
    private long* _labels;
    private int _localCount;

    private DislocationAnalysis(IdealCrystal crystal, double lattice, AnalysisServices services)
    {
        (_crystal, _near) = (crystal, crystal.NearestDistance * lattice);
        _maps = new(crystal, lattice, services);
        _cores = new(crystal, lattice, _maps, services.Pool);
        _lines = new(crystal, _near, CoreRadius * _near, _maps, _cores, services.Pool);
        _lengths = new(_near, CoreRadius * _near, _maps, _cores, _lines, services.Pool);
        _check = new(crystal, lattice, _maps);
        _clusters = new(services.Pool, "dislocation_line", new AtomChoice(atom => _labels[atom] != 0, "dislocations"), Link * _near);
        _clusterOutput = new(_clusters);
        (_guide, _measure, _require) = (_maps.Guide, Measure, _check.Require);
        _findMaps = () => _maps.Find(_context, Cutoff, CoreRadius * _near);
        _findCores = () => _cores.Find(_context, CoreRadius * _near, _context.Output.Reals(1));
        _findLines = () => _lines.Find(_context.Particles.Count);
        Globals =
        [
            new("dislocation_core_atoms", ColumnKind.Integer), new("dislocation_length", ColumnKind.Real),
            new("dislocation_density", ColumnKind.Real), new("dislocation_lines", ColumnKind.Integer),
            .. crystal.Families.Select(family => new AnalysisGlobal($"dislocation_length_{family.Name}", ColumnKind.Real)),
            new("dislocation_length_other", ColumnKind.Real), new("dislocation_crystal_atoms", ColumnKind.Integer),
            new("dislocation_lattice", ColumnKind.Real),
        ];
        _sums = new long[1 + FixedSum.Length * (crystal.Families.Count + 1)];
    }

    /// <summary>
    /// 0: none, 1, 2, ...: the family of the line's Burgers vector in the order of the globals, the last being other; Nye tensor's
    /// magnitude per length; Burgers vector, a length, and direction of the line, in the axes of the sample; length that the atom stands
    /// for; number of the line, the one with most atoms being 1.
    /// </summary>
    public IReadOnlyList<AnalysisColumn> Columns { get; } =
    [
        new("dislocation", ColumnKind.Integer), new("dislocation_nye", ColumnKind.Real),
        new("dislocation_burgers[1]", ColumnKind.Real), new("dislocation_burgers[2]", ColumnKind.Real),
        new("dislocation_burgers[3]", ColumnKind.Real), new("dislocation_line[1]", ColumnKind.Real),
        new("dislocation_line[2]", ColumnKind.Real), new("dislocation_line[3]", ColumnKind.Real),
        new("dislocation_atom_length", ColumnKind.Real), new("dislocation_line_number", ColumnKind.Integer),
    ];

    public IReadOnlyList<AnalysisGlobal> Globals { get; }

    public double Cutoff => Reach * _near;

    public int ExchangeWidth => TensorRow.Width;

    public string? Warning => _check.Warning;

    public void Run(AnalysisContext context)
    {
        (_context, _localCount) = (context, context.Particles.LocalCount);
        context.Attempt(_findMaps);
        _check.Run(context);
        context.Attempt(_require);
        context.Halo.Forward(_maps.Rows, TensorRow.Width);
        for (int round = 0; round < GuideRounds; round++)
        {
            context.Attempt(_guide);
            context.Halo.Forward(_maps.Rows, TensorRow.Width);
        }

        context.Attempt(_findCores);
        context.Halo.Forward(_cores.Rows, TensorRow.Width);
        context.Attempt(_findLines);
        context.Halo.Forward(_lines.Rows, LineFinder.Width);
        context.Attempt(_measure);
        Number();
        Reduce();
    }

    public void Dispose()
    {
        _maps.Dispose();
        _cores.Dispose();
        _lines.Dispose();
        _lengths.Dispose();
        _clusters.Dispose();
        _clusterOutput.Dispose();
    }

    private static DislocationAnalysis Create(AnalysisArguments arguments, AnalysisServices services)
    {
        string structure = arguments.Text("structure") ?? throw arguments.Wrong("a structure must be given");
        structure = arguments.Choice("structure", structure, "fcc", "bcc", "hcp");
        IdealCrystal crystal = structure switch
        {
            "fcc" => IdealCrystal.FaceCentered,
            "bcc" => IdealCrystal.BodyCentered,
            _ => IdealCrystal.HexagonalClosePacked,
        };
        return new(crystal, arguments.Length("lattice"), services);
    }

    private void Measure()
    {
        _clusterOutput.Resize(_localCount);
        _lengths.Measure();
        AnalysisOutput output = _context.Output;
        double unit = _context.HostPerAngstrom;
        for (int k = 0; k < _cores.Atoms.Length; k++)
        {
            int atom = _cores.Atoms[k], family = _lines.FamilyOf(atom);
            if (_lengths.Of(k) == 0)
                continue;
            Vec3 burgers = _lines.BurgersOf(atom), line = _lines.AxisOf(k).Line;
            output.Integers(0)[atom] = family;
            for (int axis = 0; axis < 3; axis++)
                (output.Reals(2 + axis)[atom], output.Reals(5 + axis)[atom]) = (burgers[axis] * unit, line[axis]);
            output.Reals(8)[atom] = _lengths.Of(k) * unit;
        }
    }

    /// <summary>Numbers the lines: clusters of core atoms. Collective.</summary>
    private void Number()
    {
        AnalysisOutput output = _context.Output;
        _labels = output.Integers(0);
        _context.Output = _clusterOutput;
        try
        {
            _clusters.Run(_context);
        }
        finally
        {
            _context.Output = output;
        }

        _clusterOutput.Raw(0).CopyTo(new(output.Integers(9), _localCount));
        output.Globals[3] = _clusterOutput.Globals[0];
    }

    private void Reduce()
    {
        Array.Clear(_sums);
        AnalysisOutput output = _context.Output;
        for (int i = 0; i < _localCount; i++)
        {
            int family = (int)output.Integers(0)[i];
            if (family == 0 || !_context.IsSelected(i))
                continue;
            _sums[0]++;
            Lengths.Add(_sums.AsSpan(1 + FixedSum.Length * (family - 1)), output.Reals(8)[i] / _context.HostPerAngstrom);
        }

        _context.Sum(_sums);
        double all = 0;
        for (int f = 0; f <= _crystal.Families.Count; f++)
            all += output.Globals[4 + f] = Lengths.Value(_sums.AsSpan(1 + FixedSum.Length * f)) * _context.HostPerAngstrom;
        double volume = (_context.Box?.Volume ?? 0) * Math.Pow(_context.HostPerAngstrom, 3);
        (output.Globals[^2], output.Globals[^1]) = (_check.Atoms, _check.Lattice * _context.HostPerAngstrom);
        (output.Globals[0], output.Globals[1], output.Globals[2]) = (_sums[0], all, volume > 0 ? all / volume : 0);
    }
}
