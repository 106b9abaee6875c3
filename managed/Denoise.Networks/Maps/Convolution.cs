using System.Runtime.Intrinsics;

namespace Denoise.Networks.Maps;

/// <summary>
/// Convolution of one image, channels last, in single precision: the output channels are lanes, and the sums of several pixels stay in
/// registers while the kernel passes over them.
/// </summary>
public static unsafe class Convolution
{
    private const int Group = 16;

    /// <summary>Fills every pixel: bias + sum over kernel and channels, and 0 where that is negative, if it is rectified.</summary>
    /// <param name="shape">sizes; width of the output a multiple of 4</param>
    /// <param name="weights">[Kernel, Kernel, Inputs, Outputs]</param>
    /// <param name="bias">[Outputs]</param>
    /// <param name="rectified">ReLU</param>
    /// <param name="input">[Padded, Padded, Inputs] with its zeros</param>
    /// <param name="output">pixel (0, 0) of the image that comes out</param>
    /// <param name="rowStride">values between its rows</param>
    public static void Run(
        ConvolutionShape shape, float* weights, float* bias, bool rectified, float* input, float* output, int rowStride)
    {
        float floor = rectified ? 0 : float.NegativeInfinity;
        bool isWide = Vector512.IsHardwareAccelerated && shape.SizeOut % 8 == 0;
        for (int y = 0; y < shape.SizeOut; y++)
        {
            float* from = input + y * shape.Stride * shape.Padded * shape.Inputs;
            float* to = output + y * rowStride;
            for (int g = 0; g < shape.Outputs; g += isWide && shape.Outputs % (2 * Group) == 0 ? 2 * Group : Group)
                for (int x = 0; x < shape.SizeOut; x += isWide ? 8 : 4)
                {
                    float* pixel = from + x * shape.Stride * shape.Inputs;
                    float* result = to + x * shape.Outputs + g;
                    if (!isWide)
                        Four(shape, weights + g, bias + g, floor, pixel, result);
                    else if (shape.Outputs % (2 * Group) == 0)
                        EightTwice(shape, weights + g, bias + g, floor, pixel, result);
                    else
                        Eight(shape, weights + g, bias + g, floor, pixel, result);
                }
        }
    }

    /// <summary>Four pixels, 16 channels.</summary>
    private static void Four(ConvolutionShape shape, float* weights, float* bias, float floor, float* input, float* output)
    {
        Vector256<float> b0 = Vector256.Load(bias), b1 = Vector256.Load(bias + 8);
        Vector256<float> a0 = b0, a1 = b1, c0 = b0, c1 = b1, d0 = b0, d1 = b1, e0 = b0, e1 = b1;
        int step = shape.Stride * shape.Inputs, outputs = shape.Outputs, kernel = shape.Kernel, row = kernel * shape.Inputs;
        int next = shape.Padded * shape.Inputs;
        for (int ky = 0; ky < kernel; ky++, input += next)
            for (float* from = input, end = input + row; from < end; from++, weights += outputs)
            {
                Vector256<float> w0 = Vector256.Load(weights), w1 = Vector256.Load(weights + 8);
                Vector256<float> p = Vector256.Create(from[0]);
                (a0, a1) = (Vector256.FusedMultiplyAdd(p, w0, a0), Vector256.FusedMultiplyAdd(p, w1, a1));
                p = Vector256.Create(from[step]);
                (c0, c1) = (Vector256.FusedMultiplyAdd(p, w0, c0), Vector256.FusedMultiplyAdd(p, w1, c1));
                p = Vector256.Create(from[2 * step]);
                (d0, d1) = (Vector256.FusedMultiplyAdd(p, w0, d0), Vector256.FusedMultiplyAdd(p, w1, d1));
                p = Vector256.Create(from[3 * step]);
                (e0, e1) = (Vector256.FusedMultiplyAdd(p, w0, e0), Vector256.FusedMultiplyAdd(p, w1, e1));
            }

        Vector256<float> least = Vector256.Create(floor);
        Vector256.Max(a0, least).Store(output);
        Vector256.Max(a1, least).Store(output + 8);
        Vector256.Max(c0, least).Store(output + outputs);
        Vector256.Max(c1, least).Store(output + outputs + 8);
        Vector256.Max(d0, least).Store(output + 2 * outputs);
        Vector256.Max(d1, least).Store(output + 2 * outputs + 8);
        Vector256.Max(e0, least).Store(output + 3 * outputs);
        Vector256.Max(e1, least).Store(output + 3 * outputs + 8);
    }

    /// <summary>Eight pixels, 16 channels.</summary>
    private static void Eight(ConvolutionShape shape, float* weights, float* bias, float floor, float* input, float* output)
    {
        Vector512<float> a = Vector512.Load(bias), b = a, c = a, d = a, e = a, f = a, g = a, h = a;
        int step = shape.Stride * shape.Inputs, outputs = shape.Outputs, kernel = shape.Kernel, row = kernel * shape.Inputs;
        int next = shape.Padded * shape.Inputs;
        for (int ky = 0; ky < kernel; ky++, input += next)
            for (float* from = input, end = input + row; from < end; from++, weights += outputs)
            {
                Vector512<float> w = Vector512.Load(weights);
                a = Vector512.FusedMultiplyAdd(Vector512.Create(from[0]), w, a);
                b = Vector512.FusedMultiplyAdd(Vector512.Create(from[step]), w, b);
                c = Vector512.FusedMultiplyAdd(Vector512.Create(from[2 * step]), w, c);
                d = Vector512.FusedMultiplyAdd(Vector512.Create(from[3 * step]), w, d);
                e = Vector512.FusedMultiplyAdd(Vector512.Create(from[4 * step]), w, e);
                f = Vector512.FusedMultiplyAdd(Vector512.Create(from[5 * step]), w, f);
                g = Vector512.FusedMultiplyAdd(Vector512.Create(from[6 * step]), w, g);
                h = Vector512.FusedMultiplyAdd(Vector512.Create(from[7 * step]), w, h);
            }

        Store(a, b, c, d, e, f, g, h, floor, output, outputs);
    }

    /// <summary>Eight pixels, 32 channels: every value that is loaded is used twice.</summary>
    private static void EightTwice(ConvolutionShape shape, float* weights, float* bias, float floor, float* input, float* output)
    {
        Vector512<float> a0 = Vector512.Load(bias), b0 = a0, c0 = a0, d0 = a0, e0 = a0, f0 = a0, g0 = a0, h0 = a0;
        Vector512<float> a1 = Vector512.Load(bias + Group), b1 = a1, c1 = a1, d1 = a1, e1 = a1, f1 = a1, g1 = a1, h1 = a1;
        int step = shape.Stride * shape.Inputs, outputs = shape.Outputs, kernel = shape.Kernel, row = kernel * shape.Inputs;
        int next = shape.Padded * shape.Inputs;
        for (int ky = 0; ky < kernel; ky++, input += next)
            for (float* from = input, end = input + row; from < end; from++, weights += outputs)
            {
                Vector512<float> w0 = Vector512.Load(weights), w1 = Vector512.Load(weights + Group);
                Vector512<float> p = Vector512.Create(from[0]);
                (a0, a1) = (Vector512.FusedMultiplyAdd(p, w0, a0), Vector512.FusedMultiplyAdd(p, w1, a1));
                p = Vector512.Create(from[step]);
                (b0, b1) = (Vector512.FusedMultiplyAdd(p, w0, b0), Vector512.FusedMultiplyAdd(p, w1, b1));
                p = Vector512.Create(from[2 * step]);
                (c0, c1) = (Vector512.FusedMultiplyAdd(p, w0, c0), Vector512.FusedMultiplyAdd(p, w1, c1));
                p = Vector512.Create(from[3 * step]);
                (d0, d1) = (Vector512.FusedMultiplyAdd(p, w0, d0), Vector512.FusedMultiplyAdd(p, w1, d1));
                p = Vector512.Create(from[4 * step]);
                (e0, e1) = (Vector512.FusedMultiplyAdd(p, w0, e0), Vector512.FusedMultiplyAdd(p, w1, e1));
                p = Vector512.Create(from[5 * step]);
                (f0, f1) = (Vector512.FusedMultiplyAdd(p, w0, f0), Vector512.FusedMultiplyAdd(p, w1, f1));
                p = Vector512.Create(from[6 * step]);
                (g0, g1) = (Vector512.FusedMultiplyAdd(p, w0, g0), Vector512.FusedMultiplyAdd(p, w1, g1));
                p = Vector512.Create(from[7 * step]);
                (h0, h1) = (Vector512.FusedMultiplyAdd(p, w0, h0), Vector512.FusedMultiplyAdd(p, w1, h1));
            }

        Store(a0, b0, c0, d0, e0, f0, g0, h0, floor, output, outputs);
        Store(a1, b1, c1, d1, e1, f1, g1, h1, floor, output + Group, outputs);
    }

    private static void Store(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d, Vector512<float> e,
        Vector512<float> f, Vector512<float> g, Vector512<float> h, float floor, float* output, int outputs)
    {
        Vector512<float> least = Vector512.Create(floor);
        Vector512.Max(a, least).Store(output);
        Vector512.Max(b, least).Store(output + outputs);
        Vector512.Max(c, least).Store(output + 2 * outputs);
        Vector512.Max(d, least).Store(output + 3 * outputs);
        Vector512.Max(e, least).Store(output + 4 * outputs);
        Vector512.Max(f, least).Store(output + 5 * outputs);
        Vector512.Max(g, least).Store(output + 6 * outputs);
        Vector512.Max(h, least).Store(output + 7 * outputs);
    }
}
