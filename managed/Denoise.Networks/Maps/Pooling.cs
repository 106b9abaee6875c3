using System.Runtime.Intrinsics;

namespace Denoise.Networks.Maps;

/// <summary>Two by two pixels of an image, channels last, become their largest.</summary>
public static unsafe class Pooling
{
    /// <param name="layer">whose image comes in, without zeros around it</param>
    /// <param name="image">[SizeOut, SizeOut, Outputs]</param>
    /// <param name="pooled">pixel (0, 0) of what comes out</param>
    /// <param name="rowStride">values between its rows</param>
    public static void Run(ConvolutionShape layer, float* image, float* pooled, int rowStride)
    {
        int channels = layer.Outputs, row = layer.SizeOut * channels;
        for (int y = 0; y < layer.SizeOut / 2; y++)
            for (int x = 0; x < layer.SizeOut / 2; x++)
            {
                float* from = image + 2 * y * row + 2 * x * channels, to = pooled + y * rowStride + x * channels;
                for (int c = 0; c < channels; c += 8)
                    Vector256.Max(
                        Vector256.Max(Vector256.Load(from + c), Vector256.Load(from + channels + c)),
                        Vector256.Max(Vector256.Load(from + row + c), Vector256.Load(from + row + channels + c))).Store(to + c);
            }
    }
}
