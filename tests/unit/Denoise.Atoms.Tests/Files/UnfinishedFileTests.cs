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
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void Links_are_followed_and_permissions_stay(bool mayBeUnnamed)
    {
        using ScratchFolder scratch = new();
        Directory.CreateDirectory(scratch["far"]);
        Directory.CreateSymbolicLink(scratch["near"], "far");
        File.WriteAllText(scratch["far/target"], "old");
        File.SetUnixFileMode(scratch["far/target"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        // Through a linked folder, where ".." means another place than it seems, and over two links.
        File.CreateSymbolicLink(scratch["far/second"], "../near/target");
        File.CreateSymbolicLink(scratch["first"], "near/second");
        File.CreateSymbolicLink(scratch["dangling"], "near/new");
        foreach (string name in (string[])["first", "dangling"])
            using (UnfinishedFile file = new(scratch[name], mayBeUnnamed))
            {
                file.Stream.Write("new"u8);
                file.Complete();
            }

        Assert.Equal("near/second", new FileInfo(scratch["first"]).LinkTarget);
        Assert.Equal("near/new", new FileInfo(scratch["dangling"]).LinkTarget);
        Assert.Equal("new", File.ReadAllText(scratch["far/target"]));
        Assert.Equal("new", File.ReadAllText(scratch["far/new"]));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead, File.GetUnixFileMode(scratch["far/target"]));
        Assert.Equal(["new", "second", "target"], Directory.GetFiles(scratch["far"]).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void A_circle_of_links_is_an_error()
    {
        using ScratchFolder scratch = new();
        File.CreateSymbolicLink(scratch["a"], "b");
        File.CreateSymbolicLink(scratch["b"], "a");
        Assert.Throws<IOException>(() => new UnfinishedFile(scratch["a"]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_name_may_be_as_long_as_names_can_be(bool mayBeUnnamed)
    {
        using ScratchFolder scratch = new();
        string name = new('n', 255);
        using (UnfinishedFile file = new(scratch[name], mayBeUnnamed))
            file.Complete();
        Assert.Equal([name], scratch.Files);
        Assert.Throws<IOException>(() => new UnfinishedFile(scratch[name + "n"], mayBeUnnamed));
    }

    [Fact]
    public void Devices_are_written_to_and_stay_what_they_are()
    {
        using ScratchFolder scratch = new();
        File.CreateSymbolicLink(scratch["null"], "/dev/null");
        using (UnfinishedFile file = new(scratch["null"]))
        {
            file.Stream.Write("text"u8);
            file.Complete();
        }

        Assert.Equal(["null"], scratch.Files);
        using UnfinishedFile full = new("/dev/full");
        Assert.Contains("No space left", Assert.Throws<IOException>(() => full.Stream.Write("text"u8)).Message);
    }

    [Fact]
    public void A_file_that_appears_meanwhile_is_replaced_whole()
    {
        using ScratchFolder scratch = new();
        using (UnfinishedFile file = new(scratch["a"]))
        {
            file.Stream.Write("new"u8);
            File.WriteAllText(scratch["a"], "another, and longer");
            file.Complete();
        }

        Assert.Equal("new", File.ReadAllText(scratch["a"]));
        Assert.Equal(["a"], scratch.Files);
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
