namespace Denoise.Trajectories;

/// <summary>
/// How one per-atom quantity is called in a frame, in a LAMMPS dump and in extended XYZ, so that a column keeps its meaning from
/// one format to the other and OVITO recognizes it. In a frame the LAMMPS names rule; columns <c>name[1]</c>, <c>name[2]</c>, ...
/// are the components of a vector.
/// </summary>
/// <remarks>
/// OVITO's XYZ reader maps <c>structure_type</c> to its property Structure Type and <c>disp_mag</c> to Displacement Magnitude. Its dump
/// reader maps any column that is named as a standard property without the blanks, that is <c>StructureType</c>; the color per type
/// follows from that.
/// </remarks>
public static class ColumnNames
{
    /// <summary>Of integers: which molecule an atom belongs to.</summary>
    public const string Molecule = "mol";

    /// <summary>Local crystal structure, a <see cref="Atoms.StructureType"/> per atom.</summary>
    public const string StructureType = "structure_type";

    /// <summary>Distance from where the atom was to its denoised position.</summary>
    public const string Displacement = "displacement";

    /// <summary>The same before denoising.</summary>
    public const string RawStructureType = "structure_type_raw";

    /// <summary>Root mean square of the displacements by which the atoms of a block were denoised, in .dnz files of denoised frames.</summary>
    public const string RmsDisplacement = "rms_displacement";

    internal const string StructureTypeInDump = "StructureType";
    internal const string DisplacementInDump = "DisplacementMagnitude";

    // Components in the frame's names, property in XYZ.
    private static readonly (string[] Frame, string Xyz)[] Equivalents =
    [
        (["vx", "vy", "vz"], "velo"),
        (["fx", "fy", "fz"], "forces"),
        (["ix", "iy", "iz"], "map_shift"),
        (["q"], "charge"),
        ([Molecule], "molecule"),
        (["mass"], "mass"),
        ([StructureType], StructureType),
        ([Displacement], "disp_mag"),
        (["coordination"], "n_neighb"),
    ];

    /// <summary>A frame's name for a column, also where it is given as in a dump.</summary>
    public static string OfFrame(string name) => FromDump(name);

    internal static string FromDump(string name) => name.ToLowerInvariant() switch
    {
        "structuretype" => StructureType,
        "displacementmagnitude" => Displacement,
        _ => name,
    };

    internal static string ToDump(string name) => name switch
    {
        StructureType => StructureTypeInDump,
        Displacement => DisplacementInDump,
        _ => name,
    };

    /// <summary>The frame's names for the components of an XYZ property.</summary>
    internal static string[] FromXyz(string property, int components)
    {
        foreach (var (frame, xyz) in Equivalents)
            if (xyz.Equals(property, StringComparison.OrdinalIgnoreCase) && frame.Length == components)
                return frame;
        if (components == 1)
            return [property];
        return [.. Enumerable.Range(1, components).Select(k => $"{property}[{k}]")];
    }

    /// <summary>
    /// The XYZ property that starts at a column, and of how many columns it is made: a known vector, <c>name[1]</c>,
    /// <c>name[2]</c>, ..., or the column alone.
    /// </summary>
    /// <param name="names">all columns in order</param>
    /// <param name="start">where the property starts</param>
    internal static (string Property, int Components) ToXyz(IReadOnlyList<string> names, int start)
    {
        foreach (var (frame, xyz) in Equivalents)
            if (Follows(names, start, frame))
                return (xyz, frame.Length);

        string name = names[start];
        if (!name.EndsWith("[1]", StringComparison.Ordinal))
            return (name, 1);
        string stem = name[..^3];
        int components = 1;
        while (start + components < names.Count && names[start + components] == $"{stem}[{components + 1}]")
            components++;
        return (stem, components);
    }

    /// <summary>
    /// The frame's name, or for the components of OVITO's property Orientation, whatever they are called here, those of the XYZ property
    /// that it takes for it.
    /// </summary>
    internal static string InXyz(string name, string? ovitoName) => ovitoName switch
    {
        "Orientation.X" => "orientation[1]",
        "Orientation.Y" => "orientation[2]",
        "Orientation.Z" => "orientation[3]",
        "Orientation.W" => "orientation[4]",
        _ => name,
    };

    private static bool Follows(IReadOnlyList<string> names, int start, string[] wanted)
    {
        for (int k = 0; k < wanted.Length; k++)
            if (start + k >= names.Count || names[start + k] != wanted[k])
                return false;
        return true;
    }
}
