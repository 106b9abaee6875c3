namespace Denoise.Training;

/// <summary>L = mean over the atoms that have a class y of logsumexp_c(l_c) - l_y, in nats.</summary>
public static class CrossEntropy
{
    /// <summary>One atom: returns its loss and replaces its logits by dL/dlogits = softmax(l) - [c = y].</summary>
    /// <param name="logits">[classes]</param>
    /// <param name="wanted">y</param>
    public static double Backward(Span<double> logits, int wanted)
    {
        double largest = double.NegativeInfinity, sum = 0, logit = logits[wanted];
        foreach (double l in logits)
            largest = Math.Max(largest, l);
        foreach (double l in logits)
            sum += Math.Exp(l - largest);
        double logSum = largest + Math.Log(sum);
        for (int c = 0; c < logits.Length; c++)
            logits[c] = Math.Exp(logits[c] - logSum) - (c == wanted ? 1 : 0);
        return logSum - logit;
    }
}
