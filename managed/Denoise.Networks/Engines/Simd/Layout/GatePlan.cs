using System.Runtime.Intrinsics;
using Denoise.Networks.Engines.Simd.Kernels;
using Denoise.Networks.Engines.Simd.Lanes;
using Denoise.Networks.Equivariance;
using Denoise.Networks.Models;

namespace Denoise.Networks.Engines.Simd.Layout;

/// <summary>
/// The gate of a layer in the lanes' order. The even scalars of the pre-gate row are arranged so that the gates of an irrep lie
/// like its channels,
/// <code>0e: [ scalars | gates of the first gated irrep | gates of the second | ... ]   each section padded to four</code>
/// and gating is a product of vectors.
/// </summary>
internal sealed unsafe class GatePlan : IDisposable
{
    private readonly delegate*<float*, float*, float*, float*, float, float, int, void> _activate;
    private readonly NativeArray<float> _linear;
    private readonly NativeArray<float> _constant;
    private readonly IrrepGroup _even;
    private readonly IrrepGroup _odd;
    private readonly int _oddStart;
    private readonly Copy[] _copies;

    /// <param name="gate">the layer's gate</param>
    /// <param name="isWanted">of an irrep of its output: whether anything reads it</param>
    /// <param name="width">vectors to use</param>
    public GatePlan(GateLayout gate, Func<Irrep, bool> isWanted, SimdWidth width)
    {
        _activate = width == SimdWidth.Bits512
            ? &GateKernel.Activate<Simd512, Vector512<float>>
            : &GateKernel.Activate<Simd256, Vector256<float>>;

        GateBlock[] wanted = [.. gate.Blocks.Where(block => isWanted(new(block.L, block.Parity)))];
        PreGate = new();
        int scalars = 0;
        foreach (GateBlock block in wanted.Where(block => block.IsScalar))
        {
            bool isLast = block.Equals(wanted.Last(other => other.IsScalar && other.Parity == block.Parity));
            int first = PreGate.Append(new(0, block.Parity), block.Multiplicity, block.InputOffset, 1, padAfter: isLast);
            if (block.Parity == 1)
                scalars = first + block.Multiplicity;
        }

        var gates = new Dictionary<Irrep, int>();
        foreach (var blocks in wanted.Where(block => !block.IsScalar).GroupBy(block => new Irrep(block.L, block.Parity)))
            foreach (GateBlock block in blocks)
            {
                int first = PreGate.Append(
                    Irrep.Scalar, block.Multiplicity, block.GateOffset, 1, padAfter: block.Equals(blocks.Last()));
                gates.TryAdd(blocks.Key, first);
                PreGate.Append(blocks.Key, block.Multiplicity, block.InputOffset, block.ChannelDimension, padAfter: false);
            }

        PreGate.Complete();
        Output = ChannelLayout.Of(gate.Output, isWanted);

        _even = Group(Irrep.Scalar);
        _odd = Group(new(0, -1));
        _oddStart = (_even.Channels + 15) & ~15;
        ActivationLength = _oddStart + ((_odd.Channels + 15) & ~15);
        _linear = new(ActivationLength);
        _constant = new(ActivationLength);
        _linear.Span[..scalars].Fill((float)Activations.SiLU);
        _constant.Span[scalars.._even.Channels].Fill((float)Activations.Sigmoid);
        _constant.Span[_oddStart..].Fill((float)(2 * Activations.Tanh));

        _copies = [.. Output.Groups.Select(to => new Copy
        {
            From = to.L > 0 ? Group(to.Irrep).Offset : to.Irrep == Irrep.Scalar ? 0 : _oddStart,
            To = to.Offset,
            Channels = to.Channels,
            Components = to.Components,
            Gate = to.L == 0 ? -1 : gates[to.Irrep],
        })];
    }

    /// <summary>What enters.</summary>
    public ChannelLayout PreGate { get; }

    /// <summary>What leaves.</summary>
    public ChannelLayout Output { get; }

    /// <summary>Floats of scratch that <see cref="Apply"/> needs.</summary>
    public int ActivationLength { get; }

    /// <summary>Applies the gate to a pre-gate row, which has 16 floats of slack behind it.</summary>
    public void Apply(float* preGate, float* activations, float* output)
    {
        if (_even.Channels > 0)
            _activate(preGate + _even.Offset, activations, _linear.Pointer, _constant.Pointer, 1, 0, _even.Channels);
        if (_odd.Channels > 0)
            _activate(preGate + _odd.Offset, activations + _oddStart, _linear.Pointer + _oddStart, _constant.Pointer + _oddStart,
                2, -(float)Activations.Tanh, _odd.Channels);

        foreach (ref readonly Copy copy in _copies.AsSpan())
        {
            float* to = output + copy.To;
            if (copy.Gate < 0)
            {
                for (int u = 0; u < copy.Channels; u += 4)
                    Vector128.Store(Vector128.Load(activations + copy.From + u), to + u);
                continue;
            }

            float* from = preGate + copy.From, gate = activations + copy.Gate;
            for (int m = 0; m < copy.Components; m++, from += copy.Channels, to += copy.Channels)
                for (int u = 0; u < copy.Channels; u += 4)
                    Vector128.Store(Vector128.Load(from + u) * Vector128.Load(gate + u), to + u);
        }
    }

    public void Dispose()
    {
        _linear.Dispose();
        _constant.Dispose();
    }

    private IrrepGroup Group(Irrep irrep)
    {
        int index = PreGate.IndexOf(irrep);
        return index < 0 ? default : PreGate.Groups[index];
    }

    private struct Copy
    {
        public int From;
        public int To;
        public int Channels;
        public int Components;
        public int Gate;
    }
}
