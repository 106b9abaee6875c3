namespace Denoise.Structure;

/// <summary>How many bonds the neighbors of an atom may have among each other, as sets of numbers: bit n stands for n bonds.</summary>
/// <param name="Any">numbers that any neighbor may have</param>
/// <param name="Beside">numbers that may occur beside smaller ones: none where all neighbors must have the same</param>
internal readonly record struct AllowedBonds(uint Any, uint Beside)
{
    /// <summary>Whether the neighbors of an atom may have these numbers of bonds.</summary>
    public bool Permits(uint numbers) => ((numbers & ~Any) | (numbers & (numbers - 1) & ~Beside)) == 0;
}
