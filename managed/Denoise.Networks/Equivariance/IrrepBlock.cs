namespace Denoise.Networks.Equivariance;

/// <summary>
/// One term of a direct sum: several channels of the same irrep, stored channel after channel,
/// component (u, m) at <c>Offset + u * Irrep.Dimension + m</c>.
/// </summary>
/// <param name="Multiplicity">number of channels</param>
/// <param name="Irrep">how each channel transforms</param>
/// <param name="Offset">where the block starts in the feature vector</param>
public readonly record struct IrrepBlock(int Multiplicity, Irrep Irrep, int Offset)
{
    public int L => Irrep.L;

    public int Dimension => Multiplicity * Irrep.Dimension;

    /// <summary>First index behind the block.</summary>
    public int End => Offset + Dimension;

    public override string ToString() => $"{Multiplicity}x{Irrep}";
}
