using Denoise.Atoms.Files;
using Denoise.TestSupport;

namespace Denoise.Atoms.Tests.Files;

public sealed class UnfinishedFileTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_complete_file_takes_the_place_of_an_old_one(bool mayBeUnnamed)
    {
        using ScratchFolder scratch = new();
        File.WriteAllText(scratch["a"], "old");
        using (UnfinishedFile file = new(scratch["a"], mayBeUnnamed))
        {
            file.Stream.Write("new"u8);
            Assert.Equal("old", File.ReadAllText(scratch["a"]));
            file.Complete();
            Assert.Equal("new", File.ReadAllText(scratch["a"]));
        }

        Assert.Equal(["a"], scratch.Files);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void Permissions_are_those_of_any_new_file(bool mayBeUnnamed)
    {
        using ScratchFolder scratch = new();
        using (UnfinishedFile file = new(scratch["a"], mayBeUnnamed))
            file.Complete();
        File.WriteAllText(scratch["b"], "");
        Assert.Equal(File.GetUnixFileMode(scratch["b"]), File.GetUnixFileMode(scratch["a"]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_an_incomplete_file_nothing_remains(bool mayBeUnnamed)
    {
        using ScratchFolder scratch = new();
        using (UnfinishedFile file = new(scratch["a"], mayBeUnnamed))
        {
            file.Stream.Write("new"u8);
            Assert.Equal(!mayBeUnnamed, File.Exists(file.TemporaryPath));
        }

        Assert.Empty(scratch.Files);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_cannot_get_its_name_is_removed(bool mayBeUnnamed)
    {
        using ScratchFolder scratch = new();
        Directory.CreateDirectory(scratch["a"]);
        using (UnfinishedFile file = new(scratch["a"], mayBeUnnamed))
            Assert.ThrowsAny<Exception>(() => file.Complete());
        Assert.Empty(scratch.Files);
    }
}
