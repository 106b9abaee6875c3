using Denoise.Networks.Engines.Simd;

namespace Denoise.Networks.Tests.Simd;

public sealed class SimdEngine256Tests() : SimdEngineTests(SimdWidth.Bits256);
