using Denoise.Atoms.Threading;
using Denoise.Networks.Engines;
using Denoise.Networks.Engines.Reference;
using Denoise.Networks.Engines.Simd;
using Denoise.Networks.Models;
using Denoise.TestSupport;

namespace Denoise.Networks.Tests.Simd;

public sealed class EngineFactoryTests
{
    [Theory]
    [InlineData("4x0e+4x1o+4x2e", "1x0e+1x1o+1x2e", true)]
    [InlineData("4x0e+4x1o+4x3o", "1x0e+1x1o+1x2e", true)]
    [InlineData("4x0e+4x1o", "1x0e+1x1o+1x2e+1x3o", true)]
    [InlineData("4x0e+4x1o+4x4e", "1x0e+1x1o+1x2e", false)]
    [InlineData("4x0e+4x1o", "1x0e+1x1o+1x2e+1x4e", false)]
    public void Fast_engine_is_chosen_where_it_can_compute_the_network(string hidden, string edge, bool isFast)
    {
        NequipModel model = NequipModel.CreateRandom(TestNetwork.Small with { Hidden = hidden, Edge = edge }, 1);
        using var pool = new WorkerPool(1);
        using IEngine engine = EngineFactory.Create(model, pool);
        Assert.IsType(isFast ? typeof(SimdEngine) : typeof(ReferenceEngine), engine);

        Assert.Equal(isFast, SimdEngine.Supports(model, out string? reason));
        if (!isFast)
        {
            Assert.Contains("4", reason, StringComparison.Ordinal);
            Assert.Throws<NotSupportedException>(() => new SimdEngine(model, pool));
        }
    }
}
