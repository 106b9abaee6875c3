using System.Text;
using Denoise.Atoms;
using Denoise.Networks.Checkpoints;
using Denoise.Networks.Models;

namespace Denoise.Networks.Tests.Checkpoints;

/// <summary>Damaged, foreign and malicious files: one <see cref="InputException"/> each, that names the file and the trouble.</summary>
public class HostileCheckpointTests
{
    private static readonly CheckpointOptions Options = new() { Cutoff = 3.5, NeighborCount = 12 };

    private static void Refuses(byte[] file, string expected)
    {
        string message = Assert.Throws<InputException>(() => Checkpoint.Load("some.pt", file, Options)).Message;
        Assert.StartsWith("some.pt: ", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    private static byte[] Archive(byte[] pickle) => new ArchiveBuilder().Add("a/data.pkl", pickle).Build();

    private static void RefusesPickle(PickleBuilder pickle, string expected) => Refuses(Archive(pickle.ToArray()), expected);

    /// <summary>A state dict whose landmark tensor is the given one.</summary>
    private static byte[] WithTensor(Action<PickleBuilder> tensor, byte[]? storage)
    {
        PickleBuilder pickle = new PickleBuilder().BeginDict().Text("init_embed.embed_node_x.weight");
        tensor(pickle);
        ArchiveBuilder archive = new ArchiveBuilder().Add("a/data.pkl", pickle.EndDict().Stop());
        return (storage is null ? archive : archive.Add("a/data/0", storage)).Build();
    }

    public static TheoryData<byte[], string> ForeignFiles => new()
    {
        { [], "is empty" },
        { Encoding.ASCII.GetBytes("Lattice=\"1 0 0\" not a network at all"), "is not a PyTorch checkpoint" },
        { [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e], "before 1.6" },
        { [0x80, 4, (byte)'}', (byte)'.'], "bare Python pickle" },
        { Encoding.ASCII.GetBytes("version https://git-lfs spec\noid sha256:0"), "git lfs pull" },
        { [0x1f, 0x8b, 8, 0, 0, 0, 0, 0], "unpack it" },
        { [0x89, (byte)'H', (byte)'D', (byte)'F', 13, 10], "HDF5" },
        { [4, 0, 0, 0, 0, 0, 0, 0, (byte)'{', (byte)'}', 32, 32], "safetensors" },
        { Encoding.ASCII.GetBytes("PK\u0003\u0004 and nothing more of a zip"), "cut short" },
    };

    [Theory]
    [MemberData(nameof(ForeignFiles))]
    public void Foreign_files_are_recognized(byte[] file, string expected) => Refuses(file, expected);

    public static TheoryData<string, string> DamagedArchives => new()
    {
        { "parent", "a name that PyTorch does not write" },
        { "absolute", "a name that PyTorch does not write" },
        { "backslash", "a name that PyTorch does not write" },
        { "dot", "a name that PyTorch does not write" },
        { "duplicate", "appears twice" },
        { "deflated", "is compressed" },
        { "encrypted", "is encrypted" },
        { "checksum", "checksum of entry 'a/data.pkl'" },
        { "long entry", "more than the file holds" },
        { "other name", "has another name" },
        { "many entries", "declares 65535 entries" },
        { "directory outside", "directory lies outside" },
        { "two networks", "holds 2 checkpoints" },
        { "no pickle", "without data.pkl" },
        { "TorchScript", "TorchScript" },
    };

    [Theory]
    [MemberData(nameof(DamagedArchives))]
    public void Archives_that_are_not_as_written_are_refused(string damage, string expected)
    {
        byte[] pickle = new PickleBuilder().BeginDict().EndDict().Stop();
        ArchiveBuilder.Entry entry = new("a/data.pkl", pickle);
        ArchiveBuilder archive = damage switch
        {
            "many entries" => new() { DeclaredCount = ushort.MaxValue },
            "directory outside" => new() { DirectoryStart = 1 << 30 },
            _ => new(),
        };
        archive.Entries.AddRange(damage switch
        {
            "parent" => [entry, new("a/../../etc/passwd", [1])],
            "absolute" => [entry, new("/etc/passwd", [1])],
            "backslash" => [entry, new("a\\data\\0", [1])],
            "dot" => [entry, new("./a/data/0", [1])],
            "duplicate" => [entry, entry],
            "deflated" => [entry with { Method = 8 }],
            "encrypted" => [entry with { Flags = 1 }],
            "checksum" => [entry with { Checksum = 12345 }],
            "long entry" => [entry with { DeclaredLength = 1 << 20 }],
            "other name" => [entry with { LocalName = "a/data.pky" }],
            "two networks" => [entry, new("b/data.pkl", pickle)],
            "no pickle" => [new("readme.txt", pickle)],
            "TorchScript" => [entry, new("a/constants.pkl", pickle)],
            _ => [entry],
        });
        Refuses(archive.Build(), expected);
    }

    [Fact]
    public void Overlapping_entries_are_refused()
    {
        // The second entry's header and bytes lie inside the first entry's content.
        ArchiveBuilder inner = new ArchiveBuilder().Add("a/data/0", [1, 2, 3, 4]);
        byte[] innerBytes = inner.Build();
        ArchiveBuilder outer = new ArchiveBuilder().Add("a/data.pkl", innerBytes);
        outer.Entries.Add(new("a/data/0", [1, 2, 3, 4]) { Start = 30 + 10 });
        Refuses(outer.Build(), "overlaps another");
    }

    [Fact]
    public void Every_truncation_is_refused()
    {
        byte[] file = TinyNetwork.StateDictFile(TinyNetwork.Weights());
        Checkpoint.Load("whole.pt", file, Options);
        for (int length = 0; length < file.Length; length += length < 200 || length > file.Length - 200 ? 1 : 37)
            Assert.Throws<InputException>(() => Checkpoint.Load("cut.pt", file.AsMemory(0, length), Options));
    }

    [Fact]
    public void Bad_pickles_are_refused()
    {
        RefusesPickle(new PickleBuilder(), "ends early");
        RefusesPickle(new PickleBuilder().Raw('.'), "takes a value that is not there");
        RefusesPickle(new PickleBuilder(protocol: 9), "protocol 9");
        RefusesPickle(new PickleBuilder().Raw('I', '1', '\n'), "opcode 0x49");
        RefusesPickle(new PickleBuilder().Raw((byte)0x82, 1), "opcode 0x82");
        RefusesPickle(new PickleBuilder().Raw('t'), "never opened");
        RefusesPickle(new PickleBuilder().Raw('(').Raw('0').Raw('0'), "not there");
        RefusesPickle(new PickleBuilder().Raw('N').Raw('(').Raw('R'), "not there");
        RefusesPickle(new PickleBuilder().Raw((byte)'h', 7), "refers to value 7");
        RefusesPickle(new PickleBuilder().Raw('N').Raw('N').Raw('a'), "not a list");
        RefusesPickle(new PickleBuilder().Raw('N').Text("k").Raw('N').Raw('s'), "not a dictionary");
        RefusesPickle(new PickleBuilder().Raw('}').Raw('(').Text("k").Raw('u'), "key without a value");
        RefusesPickle(new PickleBuilder().Raw('N').Raw('N').Raw(0x93), "not text");
        RefusesPickle(new PickleBuilder().Raw('c', 'o', 's'), "ends inside a name");
        RefusesPickle(new PickleBuilder().Raw('N').Raw('Q'), "a reference that PyTorch does not write");
    }

    [Fact]
    public void Huge_declared_sizes_are_refused_before_they_are_believed()
    {
        RefusesPickle(new PickleBuilder().Int32('X', int.MaxValue), "declares 2147483647 bytes");
        RefusesPickle(new PickleBuilder().Int32('X', -1), "declares 4294967295 bytes");
        RefusesPickle(new PickleBuilder(4).Raw(0x8e, 255, 255, 255, 255, 255, 255, 255, 255), "declares 18446744073709551615 bytes");
        RefusesPickle(new PickleBuilder(4).Raw(0x95, 0, 0, 0, 0, 1, 0, 0, 0), "declares a frame");
        RefusesPickle(new PickleBuilder().Int32((char)0x8b, int.MaxValue), "integer of 2147483647 bytes");

        long[] huge = [1L << 30, 1L << 30];
        Refuses(WithTensor(p => p.Tensor("0", 4, 0, huge, [1, 1]), new byte[16]), "more values than the file");
        Refuses(WithTensor(p => p.Tensor("0", 4, 0, [1 << 30], [0]), new byte[16]), "more values than the file");
        Refuses(WithTensor(p => p.Tensor("0", 4, 0, [-4], [1]), new byte[16]), "a size of -4");
        Refuses(WithTensor(p => p.Tensor("0", 4, 0, new long[40], new long[40]), new byte[16]), "40 sizes");
        Refuses(WithTensor(p => p.Tensor("0", 4, 0, [4], [1, 1]), new byte[16]), "1 sizes and 2 strides");
    }

    [Fact]
    public void Tensors_outside_their_storage_are_refused()
    {
        Refuses(WithTensor(p => p.Tensor("0", 4, 0, [5], [1]), new byte[16]), "reaches element 4 of a storage of 4");
        Refuses(WithTensor(p => p.Tensor("0", 4, 3, [2], [1]), new byte[16]), "reaches element 4");
        Refuses(WithTensor(p => p.Tensor("0", 4, -1, [2], [1]), new byte[16]), "before its storage");
        Refuses(WithTensor(p => p.Tensor("0", 4, 2, [2], [-1]), new byte[16]), "before its storage");
        Refuses(WithTensor(p => p.Tensor("0", 4, 0, [3, 3], [long.MaxValue, long.MaxValue]), new byte[16]), "reaches element");
        Refuses(WithTensor(p => p.Tensor("0", 5, 0, [4], [1]), new byte[16]), "16 bytes where 5 x 4");
        Refuses(WithTensor(p => p.Tensor("0", (1L << 62) + 4, 0, [4], [1]), new byte[16]), "16 bytes where");
        Refuses(WithTensor(p => p.Tensor("0", -4, 0, [4], [1]), new byte[16]), "claims -4 elements");
        Refuses(WithTensor(p => p.Tensor("0", 4, 0, [4], [1]), null), "storage '0' are missing");
        Refuses(WithTensor(p => p.Tensor("../data.pkl", 4, 0, [4], [1]), new byte[16]), "are missing");
        Refuses(WithTensor(p => p.Tensor("0", 4, 0, [4], [1]).Text("init_embed.embed_node_z.weight")
            .Tensor("0", 2, 0, [2], [1], "ComplexFloatStorage"), new byte[16]), "'init_embed.embed_node_z.weight' is not a dense tensor");
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Weights_that_are_not_finite_are_named(float bad)
    {
        StateDict weights = TinyNetwork.Weights();
        weights.Tensors.Single(tensor => tensor.Name == "out.weight").Values[0] = bad;
        Refuses(TinyNetwork.StateDictFile(weights), "tensor 'out.weight' holds");
    }

    /// <summary>
    /// Storages can be shared, so a few bytes of pickle can name much memory. What may be read in all is bounded by the file.
    /// </summary>
    [Fact]
    public void Many_tensors_on_one_storage_cannot_exhaust_memory()
    {
        PickleBuilder pickle = new PickleBuilder().BeginDict().Text("init_embed.embed_node_x.weight").Tensor("0", 50_000, 0, [50_000], [1]);
        for (int i = 0; i < 1000; i++)
            pickle.Text($"t{i}").Tensor("0", 50_000, 0, [50_000], [1]);
        byte[] file = new ArchiveBuilder().Add("a/data.pkl", pickle.EndDict().Stop()).Add("a/data/0", new byte[200_000]).Build();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Refuses(file, "more values than the file");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20 * file.Length);
    }

    [Fact]
    public void Code_is_never_run_and_foreign_objects_are_only_described()
    {
        string trap = Path.Combine(Path.GetTempPath(), $"denoise-trap-{Environment.ProcessId}");
        PickleBuilder pickle = new PickleBuilder().Global("posix", "system").Raw('(').Text($"touch {trap}").Raw('t').Raw('R');
        RefusesPickle(pickle.Raw('.'), "an object of 'posix.system'");
        Assert.False(File.Exists(trap));

        // The same inside a whole-module pickle's state, where a network could be.
        RefusesPickle(new PickleBuilder().Global("evil", "Module").Raw(')').Raw(0x81).BeginDict()
            .Text("_modules").Raw('}').Text("_parameters").Global("builtins", "eval").Raw('(').Text("1").Raw('t').Raw('R')
            .EndDict().Raw('b').Raw('.'), "an object of 'evil.Module'");
    }

    [Fact]
    public void Structures_that_contain_themselves_are_bounded()
    {
        // d = {}; d["model"] = d;  l = []; l.append(l)
        RefusesPickle(new PickleBuilder().Raw('}').Raw((byte)'q', 0).Text("model").Raw((byte)'h', 0).Raw('s').Raw('.'),
            "holds 1 tensors (model");
        RefusesPickle(new PickleBuilder().Raw(']').Raw((byte)'q', 0).Raw((byte)'h', 0).Raw('a').Raw('.'), "holds a list");

        // A module that is its own child.
        PickleBuilder module = new PickleBuilder().Global("m", "Net").Raw(')').Raw(0x81).Raw((byte)'q', 0).BeginDict()
            .Text("_parameters").Raw('}').Text("_modules").BeginDict().Text("self").Raw((byte)'h', 0).EndDict()
            .EndDict().Raw('b').Raw('.');
        RefusesPickle(module, "contain themselves");
    }

    [Fact]
    public void Modules_shared_at_every_level_do_not_multiply()
    {
        // Level k holds level k-1 twice: 2^40 paths through 40 objects.
        PickleBuilder pickle = new();
        for (int level = 0; level < 40; level++)
        {
            pickle.Global("m", "Net").Raw(')').Raw(0x81).BeginDict().Text("_parameters").Raw('}').Text("_modules").BeginDict();
            if (level > 0)
                pickle.Text("a").Raw((byte)'h', (byte)(level - 1)).Text("b").Raw((byte)'h', (byte)(level - 1));
            pickle.EndDict().EndDict().Raw('b').Raw((byte)'q', (byte)level);
        }

        RefusesPickle(pickle.Raw('.'), "too many");
    }

    [Theory]
    [InlineData(']', 'a')]
    [InlineData(')', (char)0x85)]
    public void Deep_nesting_does_not_overflow_the_stack(char open, char close)
    {
        byte[] deep = new byte[999_999];
        Array.Fill(deep, (byte)open, 0, 500_000);
        Array.Fill(deep, (byte)close, 500_000, 499_999);
        RefusesPickle(new PickleBuilder().Raw(deep).Raw('.'), "holds a list");
    }

    [Theory]
    [InlineData('}')]
    [InlineData('(')]
    [InlineData('N')]
    public void Endless_steps_are_cut_off(char opcode)
    {
        byte[] many = new byte[3_000_000];
        Array.Fill(many, (byte)opcode);
        RefusesPickle(new PickleBuilder().Raw(many).Raw('.'), "steps");
    }

    [Fact]
    public void Things_that_are_no_network_are_described()
    {
        RefusesPickle(new PickleBuilder().Raw('N').Raw('.'), "holds nothing");
        RefusesPickle(new PickleBuilder().Integer(3).Raw('.'), "a plain value");
        RefusesPickle(new PickleBuilder().Raw('}').Raw('.'), "an empty dictionary");
        RefusesPickle(new PickleBuilder().Raw('}').Text("k").Integer(1).Raw('s').Raw('.'), "first key 'k'");
        Refuses(new ArchiveBuilder().Add("a/data.pkl", new PickleBuilder().Tensor("0", 4, 0, [4], [1]).Stop()).Build(), "a single tensor");
        Refuses(new ArchiveBuilder().Add("a/data/0", new byte[16]).Add("a/data.pkl",
            new PickleBuilder().BeginDict().Text("conv.weight").Tensor("0", 4, 0, [4], [1]).EndDict().Stop()).Build(),
            "another architecture");
    }

    [Fact]
    public void A_newer_format_is_not_guessed_at()
    {
        PickleBuilder pickle = new PickleBuilder().BeginDict().Text("format_version").Integer(2).Text("config").Raw('}')
            .Text("state_dict").Raw('}').EndDict();
        RefusesPickle(pickle.Raw('.'), "newer version");
    }
}
