namespace Denoise.Networks.Maps;

/// <summary>
/// What an image of a neighborhood is made by: the Neighbors Map of Allera et al. (Comput. Mater. Sci. 2024, arXiv:2307.00978), with
/// lengths in typical neighbor distances of the frame instead of Å, so that it is not tied to one element.
/// <code>
/// ball      the atom and all others within Reach (at most <see cref="MostInBall"/>, the nearest)
/// row 0     M_0j = w_0 w_j / d_0j^2                  j-th nearest of the atom, j = 1, 2, ...
/// row i     M_ij = a_i w_i w_ij / d_ij^2             j-th nearest of the atom's i-th neighbor among the ball, a_i = d_0i^(-1/3)
/// </code>
/// 32 x 32 values, 0 where there is no such neighbor. The first channel has w = 1, every other the weights of the species.
/// </summary>
/// <param name="Reach">in typical distances (means over the 13 nearest)</param>
/// <param name="Weights">[channels - 1][species] of the channels after the first; empty: one channel, whatever the species</param>
public sealed record MapSettings(double Reach, IReadOnlyList<IReadOnlyList<float>> Weights)
{
    /// <summary>N, rows and columns.</summary>
    public const int Size = 32;

    /// <summary>Atoms beside the central one that a ball holds: twice as many as crystals and melts have.</summary>
    public const int MostInBall = 63;

    /// <summary>Species whose number fits beside a distance, see <see cref="MapImage"/>.</summary>
    public const int MostSpecies = 8;

    /// <summary>About 34 atoms in anything dense, and no farther than other analyses of the nearest look.</summary>
    public const double UsualReach = 1.75;

    public static MapSettings Geometric { get; } = new(UsualReach, []);

    public int Channels => 1 + Weights.Count;

    /// <summary>Values of an image, [row, column, channel].</summary>
    public int Length => Size * Size * Channels;
}
