namespace Denoise.Structure.BondOrder;

/// <summary>What <see cref="SteinhardtAnalysis"/> computes.</summary>
/// <param name="Degrees">l, each once</param>
/// <param name="Cutoff">Å within which bonds are; 0: those to the nearest neighbors</param>
/// <param name="Neighbors">how many, where there is no cutoff</param>
/// <param name="Invariants">whether w_l is wanted</param>
/// <param name="Averaged">whether means over an atom and its neighbors are wanted</param>
/// <param name="SolidBonds">bonds with like neighbors that make an atom solid; 0: not wanted</param>
/// <param name="SolidDegree">l by which neighbors are alike</param>
/// <param name="Threshold">above which the normalised product of two neighbors is a bond</param>
public sealed record SteinhardtOptions(IReadOnlyList<int> Degrees, double Cutoff, int Neighbors, bool Invariants, bool Averaged,
    int SolidBonds, int SolidDegree, double Threshold);
