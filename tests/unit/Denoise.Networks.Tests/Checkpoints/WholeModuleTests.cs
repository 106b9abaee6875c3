using System.IO.Compression;
using System.Text;
using Denoise.Atoms;
using Denoise.Networks.Checkpoints;
using Denoise.TestSupport;

namespace Denoise.Networks.Tests.Checkpoints;

/// <summary>
/// Modules that differ from the published ones in something that this library computes in one way only: reading them as if
/// they did not would give wrong numbers. Made by patching names and numbers in the published copper denoiser.
/// </summary>
public class WholeModuleTests
{
    private static byte[] Patched(string from, string to, int occurrence = 0)
    {
        ArchiveBuilder patched = new();
        using ZipArchive archive = ZipFile.OpenRead(SharedReference.Path("Cu-denoiser.pt"));
        foreach (ZipArchiveEntry entry in archive.Entries)
        {
            using MemoryStream content = new();
            using (Stream stream = entry.Open())
                stream.CopyTo(content);
            byte[] bytes = content.ToArray();
            if (entry.FullName == "archive/data.pkl")
                Replace(bytes, from, to, occurrence);
            patched.Add(entry.FullName, bytes);
        }

        return patched.Build();
    }

    private static void Replace(byte[] bytes, string from, string to, int occurrence)
    {
        byte[] old = Encoding.Latin1.GetBytes(from), replacement = Encoding.Latin1.GetBytes(to);
        Assert.Equal(old.Length, replacement.Length);
        int at = -1;
        for (int i = 0; i <= occurrence; i++)
        {
            int next = bytes.AsSpan(at + 1).IndexOf(old);
            Assert.True(next >= 0, $"'{from}' is not there {occurrence + 1} times");
            at += 1 + next;
        }

        replacement.CopyTo(bytes, at);
    }

    [SharedFact]
    public void The_copy_itself_is_accepted() =>
        Assert.Equal(3.2, Checkpoint.Load("copy.pt", Patched("bessel", "bessel")).Config.Cutoff);

    [SharedTheory]
    [InlineData("graphite.nn.basis\nbessel", "graphite.nn.basis\ngauss_", "radial basis is 'graphite.nn.basis.gauss_'")]
    [InlineData("functional\nsilu", "functional\nrelu", "activation 'relu'")]
    [InlineData("\u0007\0\0\0sigmoid", "\u0007\0\0\0tangent", "activation 'tangent'")]
    [InlineData("irreps_hidden", "irreps_hiddem", null)]
    public void What_would_be_computed_differently_is_refused(string from, string to, string? expected)
    {
        byte[] file = Patched(from, to);
        if (expected is null)
        {
            // An attribute under another name is found again through the shapes.
            Assert.Equal("8x0e+8x1e+4x2e", Checkpoint.Load("patched.pt", file).Config.Hidden);
            return;
        }

        string message = Assert.Throws<InputException>(() => Checkpoint.Load("patched.pt", file)).Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [SharedFact]
    public void Without_its_cutoff_a_module_asks_for_it()
    {
        // "end" is the keyword of the basis that holds the cutoff.
        byte[] file = Patched("\u0003\0\0\0end", "\u0003\0\0\0eno");
        string message = Assert.Throws<InputException>(() => Checkpoint.Load("patched.pt", file)).Message;
        Assert.Contains("give the option 'cutoff'", message, StringComparison.Ordinal);
        Assert.Equal(3.25, Checkpoint.Load("patched.pt", file, new() { Cutoff = 3.25 }).Config.Cutoff);
    }
}
