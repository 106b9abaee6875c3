namespace Denoise.Cli.Tests;

public sealed class WideVectorsTests
{
    private const string Head = "processor\t: 0\nvendor_id\t: AuthenticAMD\n";

    [Theory]
    [InlineData("flags\t\t: fpu avx2 fma avx512f avx512dq avx512cd avx512bw avx512vl sha_ni\nbugs\t: none\n", true)]
    // Xeon Phi: AVX-512, but not the parts that the wide build needs.
    [InlineData("flags\t\t: fpu avx2 fma avx512f avx512pf avx512er avx512cd\n", false)]
    [InlineData("flags\t\t: fpu avx2 fma\n", false)]
    [InlineData("model name\t: avx512f avx512dq avx512cd avx512bw avx512vl\n", false)]
    [InlineData("", false)]
    public void The_processor_must_have_all_that_the_wide_build_needs(string cpuinfo, bool expected) =>
        Assert.Equal(expected, WideVectors.ProcessorHasAll(Head + cpuinfo));
}
