namespace Denoise.Networks.Models;

/// <summary>
/// A = logsumexp_c l_c of an atom's logits: their sum over atoms is a log-density, whose gradient is the conservative score
/// (arXiv 2512.11077). All classes take part, "none" of melts as well: it has no ideal positions, so that its logit is flat, and where it
/// is the largest its weight takes the pull of the crystals away; without it, every crystal's logit would have to be flat in a melt.
/// </summary>
public static class LogDensity
{
    /// <summary>Returns A and replaces the logits by dA/dl_c = softmax(l)_c.</summary>
    /// <param name="logits">[classes]</param>
    public static double Backward(Span<double> logits)
    {
        double largest = double.NegativeInfinity, sum = 0;
        foreach (double logit in logits)
            largest = Math.Max(largest, logit);
        foreach (double logit in logits)
            sum += Math.Exp(logit - largest);
        double density = largest + Math.Log(sum);
        for (int c = 0; c < logits.Length; c++)
            logits[c] = Math.Exp(logits[c] - density);
        return density;
    }
}
