namespace Denoise.Structure.Classes;

/// <summary>What the logits l of one atom say.</summary>
public static class LogitRow
{
    /// <summary>The largest, the first of equal ones: it names the atom. -1: not all are numbers.</summary>
    public static int Best(ReadOnlySpan<float> logits)
    {
        int best = 0;
        bool areFinite = true;
        for (int c = 0; c < logits.Length; c++)
        {
            areFinite &= float.IsFinite(logits[c]);
            best = logits[c] > logits[best] ? c : best;
        }

        return areFinite ? best : -1;
    }

    /// <summary>Of the best: <c>exp(l - logsumexp l)</c>.</summary>
    public static double Probability(ReadOnlySpan<float> logits, int best)
    {
        double sum = 0;
        foreach (float logit in logits)
            sum += Math.Exp((double)logit - logits[best]);
        return 1 / sum;
    }
}
