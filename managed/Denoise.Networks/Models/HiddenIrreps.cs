using Denoise.Atoms;
using Denoise.Networks.Equivariance;

namespace Denoise.Networks.Models;

/// <summary>
/// Node features behind each layer as one text: <c>8x0e+4x1o</c> for all, or layer by layer with '/' between them, the last for the
/// rest: <c>8x0e+4x1o+4x3o/8x0e+4x1o</c>. High degrees are dear where a layer makes them of high degrees; behind the first they cost
/// little.
/// </summary>
public static class HiddenIrreps
{
    /// <summary>Between the irreps of a layer and those of the next.</summary>
    public const char Separator = '/';

    /// <returns>[layers]</returns>
    /// <exception cref="InputException">not irreps, or more of them than layers</exception>
    public static IReadOnlyList<Irreps> Parse(string text, int layers)
    {
        Irreps[] parts = [.. text.Split(Separator).Select(Irreps.Parse)];
        return parts.Length <= layers
            ? [.. Enumerable.Range(0, layers).Select(k => parts[Math.Min(k, parts.Length - 1)])]
            : throw new InputException($"the hidden irreps '{text}' are of {parts.Length} layers, and the network has {layers}.");
    }

    /// <summary>The highest degree behind any layer.</summary>
    public static int LMax(this IReadOnlyList<Irreps> hidden) => hidden.Max(irreps => irreps.LMax);
}
