using Denoise.Networks.Engines.Simd;

namespace Denoise.Networks.Tests.Simd;

public sealed class SimdEngine512Tests() : SimdEngineTests(SimdWidth.Bits512);
