namespace Denoise.Trajectories.Compressed;

/// <summary>An atom whose image, or position, is given in full.</summary>
/// <param name="Row">in the chunk</param>
/// <param name="ImageA">times that its position was moved along the first edge</param>
/// <param name="IsExact">whether the position is given</param>
/// <param name="X">Å</param>
internal readonly record struct SpecialAtom(int Row, int ImageA, int ImageB, int ImageC, bool IsExact, double X, double Y, double Z);
