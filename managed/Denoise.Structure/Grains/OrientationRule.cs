using Denoise.Atoms.Memory;
using Denoise.Structure.Analyses;
using Denoise.Structure.Clusters;
using Denoise.Structure.TemplateMatching;

namespace Denoise.Structure.Grains;

/// <summary>Atoms of a crystal; neighbors are of one grain that have the same structure and nearly the same orientation.</summary>
internal sealed unsafe class OrientationRule : IClusterRule, IDisposable
{
    /// <summary>Values per atom: structure type, then the quaternion x, y, z, w.</summary>
    public const int Width = 5;

    private readonly RotationGroup?[] _zones;
    private readonly double _leastCosine;

    /// <param name="angle">radians; neighbors whose orientations differ by less are of one grain</param>
    public OrientationRule(double angle)
    {
        _leastCosine = Math.Cos(angle / 2);
        _zones = new RotationGroup?[StructureTemplate.All.Max(template => template.Type) + 1];
        foreach (StructureTemplate template in StructureTemplate.All)
            _zones[template.Type] = template.Zone;
    }

    /// <summary>[atoms and ghosts, <see cref="Width"/>]</summary>
    public NativeBuffer<double> Rows { get; } = new();

    public void Check(AnalysisContext context) { }

    public bool Contains(AnalysisContext context, int atom) => Rows[Width * (long)atom] != 0 && context.IsSelected(atom);

    public bool AreBonded(int atom, int neighbor)
    {
        double* a = Rows.Pointer + Width * (long)atom, b = Rows.Pointer + Width * (long)neighbor;
        if (a[0] != b[0])
            return false;
        Rotation between = Of(a).Inverse * Of(b);
        // Nearly always neighbors stand in the same zone.
        return Math.Abs(between.W) >= _leastCosine || _zones[(int)a[0]]!.LargestCosine(between) >= _leastCosine;
    }

    public RotationGroup ZoneOf(int atom) => ZoneOfType((int)Rows[Width * (long)atom]);

    public RotationGroup ZoneOfType(int type) => _zones[type]!;

    public Rotation OrientationOf(int atom) => Of(Rows.Pointer + Width * (long)atom);

    public void Dispose() => Rows.Dispose();

    private static Rotation Of(double* row) => new(row[4], row[1], row[2], row[3]);
}
