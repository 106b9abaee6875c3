using Denoise.Atoms;

namespace Denoise.Trajectories.Cif;

/// <summary>One line of the atom sites of a block.</summary>
/// <param name="Label">for messages</param>
/// <param name="Symbol">chemical symbol, or the file's own word</param>
/// <param name="Place">fractional coordinates</param>
/// <param name="Multiplicity">images in the cell as the file says; 0 where it does not</param>
/// <param name="IsPartial">occupied by less than one atom</param>
internal sealed record CifSite(string Label, string Symbol, Vec3 Place, double Multiplicity, bool IsPartial);
