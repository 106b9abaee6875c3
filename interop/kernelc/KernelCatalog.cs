using Denoise.Kernels.Measures;
using Denoise.Kernels.Neighbors;
using Denoise.Kernels.Network;
using Denoise.Kernels.Numbers;
using Denoise.Kernels.Structure;

namespace Denoise.KernelCompiler;

/// <summary>Every kernel that is compiled, and the name by which it is loaded.</summary>
internal static class KernelCatalog
{
    public static IEnumerable<(string Name, Type Kernel, Type[] Constants)> All()
    {
        yield return ("copy", typeof(CopyKernel), []);
        yield return ("multiply-add", typeof(MultiplyAddKernel), []);
        yield return ("cells", typeof(CellKernel), []);
        yield return ("sum", typeof(SumKernel), []);
        yield return ("scan", typeof(ScanKernel), []);
        yield return ("scatter", typeof(ScatterKernel), []);
        yield return ("order", typeof(OrderKernel), []);
        yield return ("list", typeof(ListKernel), []);
        yield return ("adaptive", typeof(AdaptiveKernel), []);
        yield return ("exact-adaptive", typeof(ExactAdaptiveKernel), []);
        yield return ("fixed", typeof(FixedKernel), []);
        yield return ("edges", typeof(EdgeKernel), []);
        foreach ((string rank2, Type hasRank2) in Flags("rank2"))
        {
            yield return ($"scalar-convolution{rank2}", typeof(ScalarConvolution), [hasRank2]);
            foreach ((string odd, Type hasOdd) in Flags("odd"))
            {
                yield return ($"vector-convolution{odd}{rank2}", typeof(VectorConvolution), [hasOdd, hasRank2]);
                yield return ($"tensor-convolution{odd}{rank2}", typeof(TensorConvolution), [hasOdd, hasRank2]);
            }
        }

        yield return ("product-0", typeof(ProductKernel), [typeof(Degree0)]);
        yield return ("product-1", typeof(ProductKernel), [typeof(Degree1)]);
        yield return ("product-2", typeof(ProductKernel), [typeof(Degree2)]);
        yield return ("factor", typeof(FactorKernel), []);
        yield return ("gate", typeof(GateKernel), []);
        yield return ("output", typeof(OutputKernel), []);
    }

    private static (string, Type)[] Flags(string name) => [("", typeof(Off)), ("-" + name, typeof(On))];
}
