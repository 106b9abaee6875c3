using Denoise.Atoms;
using Denoise.Structure.Analyses;
using Denoise.Structure.References;

namespace Denoise.Structure.Dislocations;

/// <summary>
/// Whether the crystal is the one that was asked for: how many atoms have its structure, and their mean lattice parameter. Without, a
/// wrong argument would show as a crystal without dislocations.
/// </summary>
internal sealed unsafe class CrystalCheck(IdealCrystal crystal, double lattice, LatticeMaps maps)
{
    // Part by which the lattice parameter may be off: strain, heat and pressure do not reach the second.
    private const double MostOff = 0.05, Impossible = 0.15;

    // Of all atoms, of the structure when there are few, and of another when that is what it is.
    private const double Few = 0.01, Most = 0.5;

    private const int Types = 1 + (int)StructureType.Icosahedral;

    private static readonly FixedSum Lengths = new(1.0 / (1 << 20));

    private readonly long[] _sums = new long[Types + 1 + FixedSum.Length];

    /// <summary>Selected atoms that have the structure.</summary>
    public long Atoms { get; private set; }

    /// <summary>Å, the mean lattice parameter of these; 0: there are none.</summary>
    public double Lattice { get; private set; }

    /// <summary>What is odd, a sentence; null: nothing.</summary>
    public string? Warning { get; private set; }

    /// <summary>Looks at the atoms of a frame. Collective.</summary>
    public void Run(AnalysisContext context)
    {
        Array.Clear(_sums);
        for (int i = 0; i < context.Particles.LocalCount; i++)
        {
            if (!context.IsSelected(i))
                continue;
            int type = maps.TypeOf(i);
            _sums[type is > 0 and < Types ? type : 0]++;
            if (type != (int)crystal.Type)
                continue;
            Matrix3 map = maps.MapOf(i);
            double square = TensorRow.Product(map, map);
            if (!(square > 0))
                continue;
            _sums[Types]++;
            Lengths.Add(_sums.AsSpan(Types + 1), crystal.LatticeOf(map));
        }

        context.Sum(_sums);
        Atoms = _sums[(int)crystal.Type];
        Lattice = _sums[Types] > 0 ? Lengths.Value(_sums.AsSpan(Types + 1)) / _sums[Types] : 0;
        Warning = Problem(context.HostPerAngstrom);
    }

    /// <exception cref="InputException">most atoms have the structure, but by far not the lattice parameter</exception>
    public void Require()
    {
        if (Warning is not null && IsOff(Impossible) && Atoms >= Most * All())
            throw new InputException(Warning);
    }

    private long All()
    {
        long all = 0;
        for (int type = 0; type < Types; type++)
            all += _sums[type];
        return all;
    }

    private bool IsOff(double part) => Atoms > 0 && Math.Abs(Lattice / lattice - 1) > part;

    private string? Problem(double unit)
    {
        int other = 1;
        for (int type = 2; type < Types; type++)
            other = _sums[type] > _sums[other] ? type : other;
        long all = All();
        string name = Name((int)crystal.Type);
        FormattableString? problem = null;
        if (Atoms > 0 && _sums[Types] == 0)
            problem = $"none of {Atoms} {name} atoms has neighbors within reach of the lattice parameter {lattice * unit:g6}; give theirs.";
        else if (Atoms >= Few * all && IsOff(MostOff))
            problem = $"the lattice parameter of the {name} atoms is about {Lattice * unit:g4}, not {lattice * unit:g6}; give theirs.";
        else if (Atoms < Few * all && other != (int)crystal.Type && _sums[other] >= Most * all)
            problem = $"{_sums[other]} of {all} atoms are {Name(other)}, and {Atoms} {name}, of which lines are sought; choose the structure.";
        return problem is null ? null : "dislocations: " + FormattableString.Invariant(problem);
    }

    private static string Name(int type) => type switch
    {
        (int)StructureType.Fcc => "fcc",
        (int)StructureType.Hcp => "hcp",
        (int)StructureType.Bcc => "bcc",
        _ => "icosahedral",
    };
}
