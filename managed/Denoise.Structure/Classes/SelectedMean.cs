using Denoise.Structure.Analyses;

namespace Denoise.Structure.Classes;

/// <summary>The mean of probabilities over the selected atoms of all ranks: of up to 10^12 atoms, to 12 digits.</summary>
internal sealed class SelectedMean
{
    private readonly long[] _sums = new long[FixedSum.Length + 1];

    private static FixedSum Sum => new(1e-12);

    /// <summary>0 without atoms. Collective.</summary>
    /// <param name="context">of the frame</param>
    /// <param name="values">[nLocal]</param>
    public unsafe double Of(AnalysisContext context, double* values)
    {
        Array.Clear(_sums);
        for (int i = 0; i < context.Particles.LocalCount; i++)
            if (context.IsSelected(i))
            {
                Sum.Add(_sums, values[i]);
                _sums[^1]++;
            }

        context.Sum(_sums);
        return _sums[^1] > 0 ? Sum.Value(_sums) / _sums[^1] : 0;
    }
}
