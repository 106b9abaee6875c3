using System.Runtime.Intrinsics;
using Denoise.Networks.Maps;

namespace Denoise.Training.Maps;

/// <summary>The way back through a convolution: to its weights, and to the image that came in.</summary>
internal static unsafe class ConvolutionGradient
{
    private const int Group = 16;

    /// <summary>Adds dL/dweights and dL/dbias.</summary>
    /// <param name="shape">sizes</param>
    /// <param name="input">[Padded, Padded, Inputs] with its zeros</param>
    /// <param name="back">[SizeOut, SizeOut, Outputs] dL/doutput</param>
    /// <param name="weights">[Kernel, Kernel, Inputs, Outputs]</param>
    /// <param name="bias">[Outputs]</param>
    public static void ToWeights(ConvolutionShape shape, float* input, float* back, float* weights, float* bias)
    {
        for (int pixel = 0; pixel < shape.SizeOut * shape.SizeOut; pixel++)
            for (int o = 0; o < shape.Outputs; o += 8)
                (Vector256.Load(bias + o) + Vector256.Load(back + pixel * shape.Outputs + o)).Store(bias + o);
        int block = shape.Inputs % 4 == 0 ? 4 : 1;
        for (int ky = 0; ky < shape.Kernel; ky++)
            for (int kx = 0; kx < shape.Kernel; kx++)
                for (int c = 0; c < shape.Inputs; c += block)
                    for (int o = 0; o < shape.Outputs; o += Group)
                    {
                        float* from = input + (ky * shape.Padded + kx) * shape.Inputs + c;
                        float* to = weights + ((ky * shape.Kernel + kx) * shape.Inputs + c) * shape.Outputs + o;
                        if (block == 4)
                            Four(shape, from, back + o, to);
                        else
                            One(shape, from, back + o, to);
                    }
    }

    /// <summary>
    /// dL/dinput as a convolution of dL/doutput, spread out by the stride, with the kernel turned round.
    /// </summary>
    /// <param name="shape">of the convolution whose way back is sought</param>
    public static ConvolutionShape Turned(ConvolutionShape shape)
    {
        int spread = (shape.SizeOut - 1) * shape.Stride + 1, before = shape.Kernel - 1 - shape.Before;
        int after = shape.Size - spread + shape.Kernel - 1 - before;
        return new(shape.Name, spread, shape.Outputs, shape.Inputs, shape.Kernel, 1, before, after);
    }

    /// <summary>The kernel of <see cref="Turned"/>, [Kernel, Kernel, Outputs, Inputs].</summary>
    public static void Turn(ConvolutionShape shape, float* weights, float* turned)
    {
        int kernel = shape.Kernel;
        for (int ky = 0; ky < kernel; ky++)
            for (int kx = 0; kx < kernel; kx++)
                for (int c = 0; c < shape.Inputs; c++)
                    for (int o = 0; o < shape.Outputs; o++)
                        turned[(((kernel - 1 - ky) * kernel + kernel - 1 - kx) * shape.Outputs + o) * shape.Inputs + c] =
                            weights[((ky * kernel + kx) * shape.Inputs + c) * shape.Outputs + o];
    }

    private static void Four(ConvolutionShape shape, float* input, float* back, float* to)
    {
        int outputs = shape.Outputs, step = shape.Stride * shape.Inputs, row = shape.Stride * shape.Padded * shape.Inputs;
        Vector256<float> a0 = Vector256.Load(to), a1 = Vector256.Load(to + 8);
        Vector256<float> b0 = Vector256.Load(to + outputs), b1 = Vector256.Load(to + outputs + 8);
        Vector256<float> c0 = Vector256.Load(to + 2 * outputs), c1 = Vector256.Load(to + 2 * outputs + 8);
        Vector256<float> d0 = Vector256.Load(to + 3 * outputs), d1 = Vector256.Load(to + 3 * outputs + 8);
        for (int y = 0; y < shape.SizeOut; y++)
        {
            float* from = input + y * row;
            for (int x = 0; x < shape.SizeOut; x++, from += step, back += outputs)
            {
                Vector256<float> g0 = Vector256.Load(back), g1 = Vector256.Load(back + 8), p = Vector256.Create(from[0]);
                (a0, a1) = (Vector256.FusedMultiplyAdd(p, g0, a0), Vector256.FusedMultiplyAdd(p, g1, a1));
                p = Vector256.Create(from[1]);
                (b0, b1) = (Vector256.FusedMultiplyAdd(p, g0, b0), Vector256.FusedMultiplyAdd(p, g1, b1));
                p = Vector256.Create(from[2]);
                (c0, c1) = (Vector256.FusedMultiplyAdd(p, g0, c0), Vector256.FusedMultiplyAdd(p, g1, c1));
                p = Vector256.Create(from[3]);
                (d0, d1) = (Vector256.FusedMultiplyAdd(p, g0, d0), Vector256.FusedMultiplyAdd(p, g1, d1));
            }
        }

        a0.Store(to);
        a1.Store(to + 8);
        b0.Store(to + outputs);
        b1.Store(to + outputs + 8);
        c0.Store(to + 2 * outputs);
        c1.Store(to + 2 * outputs + 8);
        d0.Store(to + 3 * outputs);
        d1.Store(to + 3 * outputs + 8);
    }

    private static void One(ConvolutionShape shape, float* input, float* back, float* to)
    {
        int outputs = shape.Outputs, step = shape.Stride * shape.Inputs, row = shape.Stride * shape.Padded * shape.Inputs;
        Vector256<float> a0 = Vector256.Load(to), a1 = Vector256.Load(to + 8);
        for (int y = 0; y < shape.SizeOut; y++)
        {
            float* from = input + y * row;
            for (int x = 0; x < shape.SizeOut; x++, from += step, back += outputs)
            {
                Vector256<float> p = Vector256.Create(*from);
                a0 = Vector256.FusedMultiplyAdd(p, Vector256.Load(back), a0);
                a1 = Vector256.FusedMultiplyAdd(p, Vector256.Load(back + 8), a1);
            }
        }

        a0.Store(to);
        a1.Store(to + 8);
    }
}
