using Denoise.Devices.Arguments;
using Denoise.Kernels.Numbers;
using ILGPU;

namespace Denoise.Kernels.Network;

/// <summary>
/// Weights of an edge from the radial table, whose columns are those of a channel's paths side by side: quadratic B-splines in u,
/// <code>weight = sum_j b_j(t) row[k + j],   b = [ (1-t)^2,  1 + 2t - 2t^2,  t^2 ] / 2</code>
/// with the interval k and the place t within it.
/// </summary>
public struct RadialWeights
{
    public int Place;
    public int Width;
    public float First;
    public float Second;
    public float Third;

    /// <param name="s">of the kernel</param>
    /// <param name="u">of the edge</param>
    /// <param name="column">of the thread's channel, in pairs</param>
    public static RadialWeights Of(ConvolutionArguments s, float u, int column)
    {
        float place = u * s.IntervalsPerUnit;
        int interval = IntrinsicMath.Min((int)place, s.Intervals - 1);
        float t = place - interval, rest = 1 - t;
        return new()
        {
            Place = interval * s.TableWidth + column,
            Width = s.TableWidth,
            First = 0.5f * rest * rest,
            Second = t * rest + 0.5f,
            Third = 0.5f * t * t,
        };
    }

    /// <summary>Weights of two paths.</summary>
    public readonly Float2 Pair(ArrayView<Float2> table, int pair)
    {
        Float2 a = table[Place + pair], b = table[Place + Width + pair], c = table[Place + 2 * Width + pair];
        return new() { X = First * a.X + Second * b.X + Third * c.X, Y = First * a.Y + Second * b.Y + Third * c.Y };
    }
}
