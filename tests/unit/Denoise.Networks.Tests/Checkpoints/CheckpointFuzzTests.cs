using System.Diagnostics;
using Denoise.Atoms;
using Denoise.Networks.Checkpoints;
using Denoise.Networks.Models;

namespace Denoise.Networks.Tests.Checkpoints;

/// <summary>
/// Whatever the bytes: a checkpoint or an <see cref="InputException"/>, in bounded time and memory. Mutations reach past the
/// archive's checksums because the pickle is mutated before it is packed.
/// </summary>
public class CheckpointFuzzTests
{
    private static readonly CheckpointOptions Options = new() { Cutoff = 3.5, NeighborCount = 12 };

    /// <summary>Enough for any file of this size on a slow, busy machine, and far below what a runaway loop takes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private const long MemoryBound = 256L << 20;

    private static readonly byte[] Interesting = [0, 1, 0x7f, 0x80, 0xff, (byte)'R', (byte)'b', (byte)'t', (byte)'.', (byte)'('];

    /// <summary>Whether the file was accepted.</summary>
    private static bool Try(byte[] file, string what)
    {
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        Stopwatch clock = Stopwatch.StartNew();
        bool accepted = false;
        try
        {
            _ = Checkpoint.Load("fuzz.pt", file, Options).CreateModel();
            accepted = true;
        }
        catch (InputException error)
        {
            Assert.NotEmpty(error.Message);
        }
        catch (Exception error)
        {
            Assert.Fail($"{what}: {error}");
        }

        Assert.True(clock.Elapsed < Patience, $"{what}: took {clock.Elapsed}");
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Assert.True(allocated < MemoryBound, $"{what}: allocated {allocated:N0} bytes");
        return accepted;
    }

    private static byte[] Native()
    {
        using MemoryStream stream = new();
        CheckpointWriter.Write(stream, TinyNetwork.Weights(), TinyNetwork.Config, new Dictionary<string, string> { ["a"] = "b" });
        return stream.ToArray();
    }

    /// <summary>The pickle of a file with the tensors' bytes, to be packed again after a change.</summary>
    private static (byte[] Pickle, Func<byte[], byte[]> Pack) Parts(Action<PickleBuilder, StateDict> write)
    {
        StateDict network = TinyNetwork.Weights();
        PickleBuilder pickle = new();
        write(pickle, network);
        return (pickle.Stop(), Pack);

        byte[] Pack(byte[] changed)
        {
            ArchiveBuilder archive = new ArchiveBuilder().Add("a/data.pkl", changed);
            foreach (Tensor tensor in network.Tensors)
                archive.Add($"a/data/{tensor.Name}", TinyNetwork.Bytes(tensor.Values));
            return archive.Build();
        }
    }

    private static void WriteStateDict(PickleBuilder pickle, StateDict network)
    {
        pickle.BeginDict();
        foreach (Tensor tensor in network.Tensors)
            pickle.Text(tensor.Name).Tensor(tensor.Name, tensor.Values.Length, 0, [.. tensor.Shape.Select(n => (long)n)],
                tensor.Shape.Count == 2 ? [tensor.Shape[1], 1] : [1]);
        pickle.EndDict();
    }

    /// <summary>A whole module: objects with state, irreps, a radial basis, shared and nested values.</summary>
    private static void WriteModule(PickleBuilder pickle, StateDict network)
    {
        void Open(string type) => pickle.Global("graphite", type).Raw(')').Raw(0x81).BeginDict();
        void Close() => pickle.EndDict().Raw('b');
        void Irreps(string name, params (int Mul, int L, int P)[] terms)
        {
            pickle.Text(name).Global("e3nn.o3._irreps", "Irreps").Raw('(').Raw('(');
            foreach ((int mul, int l, int p) in terms)
                pickle.Global("e3nn.o3._irreps", "_MulIr").Raw('(').Integer(mul)
                    .Global("e3nn.o3._irreps", "Irrep").Tuple(l, p).Raw(0x85).Raw(0x81).Raw('t').Raw(0x85).Raw(0x81);
            pickle.Raw('t').Raw('t').Raw(0x81);
        }

        Open("NequIP");
        pickle.Text("_parameters").Raw('}').Text("_modules").BeginDict().Text("init_embed");
        Open("InitialEmbedding");
        pickle.Text("cutoff").Float(3.5).Text("_modules").Raw('}').Text("_parameters").Raw('}');
        Close();
        pickle.EndDict();
        // The flat names stand in for the tree: what matters here is the way that values take through the reader.
        pickle.Text("_buffers").BeginDict();
        foreach (Tensor tensor in network.Tensors)
            pickle.Text(tensor.Name).Tensor(tensor.Name, tensor.Values.Length, 0, [.. tensor.Shape.Select(n => (long)n)],
                tensor.Shape.Count == 2 ? [tensor.Shape[1], 1] : [1]);
        pickle.EndDict();
        Irreps("irreps_hidden", (2, 0, 1), (1, 1, 1));
        Irreps("irreps_edge", (1, 0, 1), (1, 1, 1), (1, 2, 1));
        Irreps("irreps_out", (1, 1, 1));
        pickle.Text("num_convs").Integer(2);
        Close();
    }

    [Fact]
    public void The_unchanged_files_are_accepted()
    {
        Assert.True(Try(Native(), "native"));
        foreach (Action<PickleBuilder, StateDict> write in new[] { WriteStateDict, WriteModule })
        {
            (byte[] pickle, Func<byte[], byte[]> pack) = Parts(write);
            Assert.True(Try(pack(pickle), "parts"));
        }
    }

    [Fact]
    public void Every_byte_of_a_file_can_be_changed()
    {
        byte[] file = Native();
        Random random = new(1);
        int accepted = 0;
        for (int i = 0; i < file.Length; i++)
        {
            byte before = file[i];
            file[i] = (byte)(before ^ (1 + random.Next(255)));
            accepted += Try(file, $"byte {i} set to 0x{file[i]:x2}") ? 1 : 0;
            file[i] = before;
        }

        // Only padding, times, and fields that no reader looks at are free.
        Assert.InRange(accepted, 1, file.Length / 2);
    }

    [Theory]
    [InlineData("state dict")]
    [InlineData("module")]
    public void Every_byte_of_a_pickle_can_be_changed(string kind)
    {
        (byte[] pickle, Func<byte[], byte[]> pack) = Parts(kind == "module" ? WriteModule : WriteStateDict);
        Random random = new(2);
        for (int i = 0; i < pickle.Length; i++)
        {
            byte before = pickle[i];
            pickle[i] = random.Next(2) == 0 ? Interesting[random.Next(Interesting.Length)] : (byte)random.Next(256);
            Try(pack(pickle), $"{kind}, byte {i} set to 0x{pickle[i]:x2}");
            pickle[i] = before;
        }
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(14)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(18)]
    [InlineData(19)]
    [InlineData(20)]
    public void Spliced_and_random_pickles_are_survived(int seed)
    {
        (byte[] pickle, Func<byte[], byte[]> pack) = Parts(seed % 2 == 0 ? WriteModule : WriteStateDict);
        Random random = new(seed);
        for (int trial = 0; trial < 100; trial++)
        {
            List<byte> changed = [.. pickle];
            for (int edit = random.Next(1, 6); edit > 0; edit--)
            {
                int at = random.Next(changed.Count), length = random.Next(1, Math.Min(64, changed.Count - at + 1));
                switch (random.Next(4))
                {
                    case 0: changed.RemoveRange(at, length); break;
                    case 1: changed.InsertRange(random.Next(changed.Count), changed.GetRange(at, length)); break;
                    case 2: changed.InsertRange(at, Enumerable.Range(0, length).Select(_ => (byte)random.Next(256))); break;
                    default: changed[at] = Interesting[random.Next(Interesting.Length)]; break;
                }

                if (changed.Count == 0)
                    changed.Add(0x80);
            }

            Try(pack([.. changed]), $"seed {seed}, trial {trial}");
        }

        byte[] noise = new byte[4096];
        for (int trial = 0; trial < 50; trial++)
        {
            random.NextBytes(noise);
            (noise[0], noise[1]) = (0x80, 2);
            Assert.False(Try(pack(noise), $"seed {seed}, noise {trial}"));
        }
    }
}
