using Denoise.InSitu.Native;

namespace Denoise.InSitu.Tests;

/// <summary>The managed side of the C header.</summary>
public sealed class BindingsTests
{
    [Fact]
    public void Structs_lie_in_memory_as_the_c_compiler_says()
    {
        Assert.NotEmpty(Layout.Rows());
        Assert.All(Layout.Rows(), row => Assert.True(row.InC == row.Managed, $"{row.Name}: {row.InC} in C, {row.Managed} here"));
    }

    [Fact]
    public void Numbers_of_the_enumerations_are_those_of_the_header()
    {
        Assert.Equal(
            [Dn.DN_ERROR_ARGUMENT, Dn.DN_ERROR_HANDLE, Dn.DN_ERROR_IO, Dn.DN_ERROR_FORMAT, Dn.DN_ERROR_INPUT, Dn.DN_ERROR_MEMORY,
                Dn.DN_ERROR_COMMUNICATION, Dn.DN_ERROR_CALLBACK, Dn.DN_ERROR_OTHER_RANK, Dn.DN_ERROR_INTERNAL,
                Dn.DN_ERROR_DEVICE],
            Enum.GetValues<SessionError>().Select(error => (int)error));
        Assert.Equal(
            [Dn.DN_CLASSIFY_ACNA, Dn.DN_CLASSIFY_CNA, Dn.DN_CLASSIFY_NONE, Dn.DN_CLASSIFY_MODEL, Dn.DN_CLASSIFY_AUTO,
                Dn.DN_CLASSIFY_ANALYSIS, Dn.DN_CLASSIFY_REFERENCES],
            Enum.GetValues<Classification>().Select(kind => (int)kind));
        Assert.Equal(
            [0, Dn.DN_WARNING_GHOSTS_SHORT, Dn.DN_WARNING_HELD, Dn.DN_WARNING_BEYOND_NOISE, Dn.DN_WARNING_ODD_DENSITY,
                Dn.DN_WARNING_UNSETTLED, Dn.DN_WARNING_ASTRAY, Dn.DN_WARNING_NOTHING_SEEN],
            Enum.GetValues<FrameWarnings>().Select(warning => (int)warning));
    }
}
