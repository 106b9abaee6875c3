using Denoise.Atoms.Memory;
using Denoise.Networks.Engines.Fused.Kernels;
using Denoise.Networks.Equivariance;
using Denoise.Networks.Models;

namespace Denoise.Networks.Engines.Fused;

/// <summary>
/// A fully connected product with the species' attributes multiplied in, and its adjoint. Per pair of blocks and species s
/// <code>
/// W_s[u, w] = factor sum_v weight[u, v, w] z_s[v]          y[w] += W_s[u, w] x[u]
/// weightAdj[u, v, w] += factor z_s[v] W_sAdj[u, w]         z_sAdj[v] += factor sum_uw weight[u, v, w] W_sAdj[u, w]
/// </code>
/// so that atoms only ever meet matrices of channels.
/// </summary>
internal sealed unsafe class AttributeProduct : IDisposable
{
    private readonly FusedKernels _kernels;
    private readonly FullyConnectedProduct _product;
    private readonly float[] _attributes;
    private readonly int _speciesCount;
    private readonly Mix[] _mixes;
    private readonly NativeBuffer<float> _matrices = new();
    private readonly double[] _weightsAdj;
    private readonly double[] _attributesAdj;

    /// <summary>A matrix [In, Out] per species, and where the parts of it lie that belong to one species.</summary>
    private sealed record Mix(int InSlot, int OutSlot, int In, int Out, int InChannels, int OutChannels, int Matrix, int Transposed,
        int Gradient, FullyConnectedPath[] Paths)
    {
        public int Size => In * OutChannels;

        public int TransposedSize => Out * InChannels;
    }

    /// <param name="product">the product</param>
    /// <param name="model">its model; weights are read anew by every <see cref="Fold"/></param>
    /// <param name="kernels">vector width</param>
    /// <param name="sums">receives the gradients of the matrices</param>
    /// <param name="gradients">receives those of weights and attributes</param>
    /// <param name="isWanted">which irreps of the output anything reads; null: all</param>
    public AttributeProduct(FullyConnectedProduct product, NequipModel model, FusedKernels kernels, ChunkSums sums,
        ParameterGradients gradients, Func<Irrep, bool>? isWanted = null)
    {
        (_weightsAdj, _attributesAdj) = (gradients[product.WeightName], gradients[NequipModel.AttributeTableName]);
        (_kernels, _product, _attributes, _speciesCount) = (kernels, product, model.AttributeTable, model.SpeciesCount);
        int length = 0;
        IEnumerable<FullyConnectedPath> wanted =
            product.Paths.Where(path => isWanted is null || isWanted(product.Output[path.OutputSlot].Irrep));
        _mixes = [.. wanted.GroupBy(path => (path.InputSlot, path.OutputSlot)).Select(paths =>
        {
            int mulIn = product.Input[paths.Key.InputSlot].Multiplicity, mulOut = product.Output[paths.Key.OutputSlot].Multiplicity;
            (int padIn, int padOut) = (kernels.Pad(mulIn), kernels.Pad(mulOut));
            int matrix = length, transposed = matrix + _speciesCount * mulIn * padOut;
            length = transposed + _speciesCount * mulOut * padIn;
            return new Mix(paths.Key.InputSlot, paths.Key.OutputSlot, mulIn, mulOut, padIn, padOut, matrix, transposed,
                sums.Reserve(_speciesCount * mulIn * padOut), [.. paths]);
        })];
        _matrices.Resize(length);
    }

    /// <summary>Whether a block of the output gets anything.</summary>
    public bool Reaches(int outSlot) => _mixes.Any(mix => mix.OutSlot == outSlot);

    /// <summary>Multiplies the attributes in; after every change of the weights.</summary>
    public void Fold()
    {
        _matrices.Clear();
        foreach (Mix mix in _mixes)
            for (int s = 0; s < _speciesCount; s++)
            {
                float* matrix = _matrices.Pointer + mix.Matrix + s * mix.Size;
                float* transposed = _matrices.Pointer + mix.Transposed + s * mix.TransposedSize;
                foreach (FullyConnectedPath path in mix.Paths)
                    for (int u = 0; u < mix.In; u++)
                    {
                        ReadOnlySpan<float> z = Attributes(s, path);
                        for (int v = 0; v < z.Length; v++)
                        {
                            float factor = (float)path.Factor * z[v];
                            ReadOnlySpan<float> weights = Weights(path, mix, u, v, z.Length);
                            for (int w = 0; w < weights.Length; w++)
                                matrix[u * mix.OutChannels + w] += factor * weights[w];
                        }
                    }

                for (int u = 0; u < mix.In; u++)
                    for (int w = 0; w < mix.Out; w++)
                        transposed[w * mix.InChannels + u] = matrix[u * mix.OutChannels + w];
            }
    }

    /// <summary>y += product of x, of <paramref name="count"/> atoms that have rows from xFirst and yFirst on.</summary>
    public void Forward(BlockPlanes x, int xFirst, BlockPlanes y, int yFirst, int* species, int count)
    {
        foreach (Mix mix in _mixes)
        {
            BlockPlane from = x[mix.InSlot], to = y[mix.OutSlot];
            for (int begin = 0, end; begin < count; begin = end)
            {
                end = RunEnd(species, begin, count);
                _kernels.MultiplyAdd(from.Row(xFirst + begin), _matrices.Pointer + mix.Matrix + species[begin] * mix.Size,
                    to.Row(yFirst + begin), (nint)(end - begin) * from.Components, mix.In, mix.InChannels, mix.OutChannels);
            }
        }
    }

    /// <summary>xAdj += transposed product of yAdj.</summary>
    public void BackwardInput(BlockPlanes yAdj, int yFirst, BlockPlanes xAdj, int xFirst, int* species, int count)
    {
        foreach (Mix mix in _mixes)
        {
            BlockPlane from = yAdj[mix.OutSlot], to = xAdj[mix.InSlot];
            for (int begin = 0, end; begin < count; begin = end)
            {
                end = RunEnd(species, begin, count);
                _kernels.MultiplyAdd(from.Row(yFirst + begin),
                    _matrices.Pointer + mix.Transposed + species[begin] * mix.TransposedSize,
                    to.Row(xFirst + begin), (nint)(end - begin) * from.Components, mix.Out, mix.OutChannels, mix.InChannels);
            }
        }
    }

    /// <summary>Adds to the gradients of the matrices in a partial sum.</summary>
    public void BackwardWeights(BlockPlanes x, int xFirst, BlockPlanes yAdj, int yFirst, int* species, int count, float* sums)
    {
        foreach (Mix mix in _mixes)
        {
            BlockPlane from = x[mix.InSlot], to = yAdj[mix.OutSlot];
            for (int begin = 0, end; begin < count; begin = end)
            {
                end = RunEnd(species, begin, count);
                _kernels.AddOuter(from.Row(xFirst + begin), to.Row(yFirst + begin), sums + mix.Gradient + species[begin] * mix.Size,
                    (nint)(end - begin) * from.Components, mix.In, mix.InChannels, mix.OutChannels);
            }
        }
    }

    /// <summary>Adds the gradients of weights and attributes, out of the total of the partial sums.</summary>
    public void Unfold(float* sums)
    {
        foreach (Mix mix in _mixes)
            for (int s = 0; s < _speciesCount; s++)
                foreach (FullyConnectedPath path in mix.Paths)
                {
                    ReadOnlySpan<float> z = Attributes(s, path);
                    int zFirst = s * _product.Attributes.Dimension + _product.Attributes[path.AttributeSlot].Offset;
                    for (int u = 0; u < mix.In; u++)
                    {
                        float* matrixAdj = sums + mix.Gradient + s * mix.Size + u * mix.OutChannels;
                        for (int v = 0; v < z.Length; v++)
                        {
                            ReadOnlySpan<float> weights = Weights(path, mix, u, v, z.Length);
                            int first = path.WeightOffset + (u * z.Length + v) * mix.Out;
                            double factor = path.Factor * z[v], sum = 0;
                            for (int w = 0; w < weights.Length; w++)
                            {
                                _weightsAdj[first + w] += factor * matrixAdj[w];
                                sum += (double)weights[w] * matrixAdj[w];
                            }

                            _attributesAdj[zFirst + v] += path.Factor * sum;
                        }
                    }
                }
    }

    public void Dispose() => _matrices.Dispose();

    private ReadOnlySpan<float> Attributes(int species, FullyConnectedPath path) =>
        _attributes.AsSpan(species * _product.Attributes.Dimension + _product.Attributes[path.AttributeSlot].Offset,
            _product.Attributes[path.AttributeSlot].Multiplicity);

    private ReadOnlySpan<float> Weights(FullyConnectedPath path, Mix mix, int u, int v, int attributes) =>
        _product.Weights.AsSpan(path.WeightOffset + (u * attributes + v) * mix.Out, mix.Out);

    /// <summary>Atoms of one species in a row share a matrix.</summary>
    private static int RunEnd(int* species, int begin, int count)
    {
        int end = begin + 1;
        while (end < count && species[end] == species[begin])
            end++;
        return end;
    }
}
