using Denoise.Atoms;
using Denoise.Trajectories.Tables;

namespace Denoise.Trajectories.Lammps;

/// <summary>
/// The columns of the Atoms section of a data file for one atom style (https://docs.lammps.org/read_data.html); three image flags
/// may follow.
/// </summary>
/// <param name="Name">as LAMMPS calls it</param>
/// <param name="Columns">in order; whole numbers are id, mol, type and what <see cref="IsWhole"/> lists, all else is real</param>
/// <param name="HasMore">whether any number of further columns follows</param>
internal sealed record DataAtomStyle(string Name, string[] Columns, bool HasMore = false)
{
    public static readonly string[] ImageFlags = ["ix", "iy", "iz"];

    private static readonly string[] Whole =
        ["id", "type", "mol", "espin", "etag", "bodyflag", "lineflag", "triangleflag", "ellipsoidflag", "template-index", "template-atom",
         "status", .. ImageFlags];

    /// <summary>The usual ones first: among styles with equal places of type and position the first names the columns.</summary>
    public static readonly DataAtomStyle[] All =
    [
        Style("atomic", "id type x y z"),
        Style("charge", "id type q x y z"),
        Style("molecular", "id mol type x y z"),
        Style("full", "id mol type q x y z"),
        Style("bond", "id mol type x y z"),
        Style("angle", "id mol type x y z"),
        Style("amoeba", "id mol type q x y z"),
        Style("sphere", "id type diameter density x y z"),
        Style("dipole", "id type q x y z mux muy muz"),
        Style("spin", "id type x y z spx spy spz sp"),
        Style("electron", "id type q espin eradius x y z"),
        Style("ellipsoid", "id type ellipsoidflag density x y z"),
        Style("body", "id type bodyflag mass x y z"),
        Style("line", "id mol type lineflag density x y z"),
        Style("tri", "id mol type triangleflag density x y z"),
        Style("peri", "id type volume density x y z"),
        Style("dpd", "id type theta x y z"),
        Style("edpd", "id type edpd_temp edpd_cv x y z"),
        Style("mdpd", "id type rho x y z"),
        Style("tdpd", "id type x y z") with { HasMore = true },
        Style("sph", "id type rho esph cv x y z"),
        Style("rheo", "id type status rho x y z"),
        Style("rheo/thermal", "id type status rho esph x y z"),
        Style("bpm/sphere", "id mol type diameter density x y z"),
        Style("template", "id mol template-index template-atom type x y z"),
        Style("wavepacket", "id type q espin eradius etag cs_re cs_im x y z"),
        Style("mesont", "id mol type bond_nt mass mradius mlength buckling x y z"),
        Style("smd", "id type mol volume mass kradius cradius x0 y0 z0 x y z"),
        Style("dielectric", "id mol type q x y z normx normy normz area ed em epsilon curvature"),
        Style("oxdna", "id type x y z"),
        Style("hybrid", "id type x y z") with { HasMore = true },
    ];

    public static DataAtomStyle? Find(string name) => Array.Find(All, style => style.Name == name);

    /// <summary>Whether a column holds whole numbers only.</summary>
    public static bool IsWhole(string column) => Whole.Contains(column);

    /// <summary>The columns of a line of so many, image flags included; null where a line of this style cannot have so many.</summary>
    public string[]? Of(int count)
    {
        if (count == Columns.Length)
            return Columns;
        if (HasMore && count > Columns.Length)
            return [.. Columns, .. Enumerable.Range(Columns.Length + 1, count - Columns.Length).Select(k => $"column_{k}")];
        return count == Columns.Length + ImageFlags.Length ? [.. Columns, .. ImageFlags] : null;
    }

    public static AtomField[] Fields(string[] columns) => [.. columns.Select(Field)];

    private static DataAtomStyle Style(string name, string columns) => new(name, columns.Split(' '));

    private static AtomField Field(string name) => name switch
    {
        "id" => new AtomField(name, FieldRole.Id),
        "type" => new AtomField(name, FieldRole.Type),
        "x" => new AtomField(name, FieldRole.X),
        "y" => new AtomField(name, FieldRole.Y),
        "z" => new AtomField(name, FieldRole.Z),
        _ => new AtomField(name, FieldRole.Column, IsWhole(name) ? ColumnKind.Integer : ColumnKind.Real),
    };
}
