using System.Buffers.Binary;
using Denoise.Atoms;
using Denoise.Networks.Checkpoints;
using Denoise.Networks.Models;
using Denoise.TestSupport;

namespace Denoise.Networks.Tests.Checkpoints;

/// <summary>What torch.save can legitimately write: element types, views, shared storages, byte orders, pickle protocols.</summary>
public class CheckpointFormatTests
{
    private static readonly CheckpointOptions Options = new() { Cutoff = 3.5, NeighborCount = 12 };

    /// <summary>Values that every type but the integers represents exactly.</summary>
    private static readonly float[] Probe = [0, 1, -2, 0.5f, 3, -0.25f];

    /// <summary>The tiny network with one of its tensors (shape 2 x 3) laid out by hand.</summary>
    private static Tensor LoadProbe(byte[] storage, string type, long count, long offset, long[] strides, string? byteOrder = null)
    {
        const string name = "interactions.0.first.mlp.layer0.weight";
        PickleBuilder pickle = new PickleBuilder().BeginDict();
        ArchiveBuilder archive = new();
        StateDict network = TinyNetwork.Weights();
        foreach (Tensor tensor in network.Tensors)
        {
            pickle.Text(tensor.Name);
            if (tensor.Name == name)
                pickle.Tensor("probe", count, offset, [2, 3], strides, type);
            else
                pickle.Tensor(tensor.Name, tensor.Values.Length, 0, [.. tensor.Shape.Select(n => (long)n)],
                    tensor.Shape.Count == 2 ? [tensor.Shape[1], 1] : [1]);
            byte[] bytes = TinyNetwork.Bytes(tensor.Values);
            if (byteOrder == "big")
                for (int i = 0; i < bytes.Length; i += 4)
                    bytes.AsSpan(i, 4).Reverse();
            archive.Add($"a/data/{tensor.Name}", bytes);
        }

        archive.Add("a/data/probe", storage).Add("a/data.pkl", pickle.EndDict().Stop());
        if (byteOrder is not null)
            archive.Add("a/byteorder", System.Text.Encoding.ASCII.GetBytes(byteOrder));
        return Checkpoint.Load("probe.pt", archive.Build(), Options).Tensors.Get(name, 6);
    }

    [Theory]
    [InlineData("FloatStorage")]
    [InlineData("DoubleStorage")]
    [InlineData("HalfStorage")]
    [InlineData("BFloat16Storage")]
    public void Floating_point_types_are_converted(string type)
    {
        byte[] bytes = [.. Probe.SelectMany(value => type switch
        {
            "FloatStorage" => BitConverter.GetBytes(value),
            "DoubleStorage" => BitConverter.GetBytes((double)value),
            "HalfStorage" => BitConverter.GetBytes((Half)value),
            _ => BitConverter.GetBytes((ushort)(BitConverter.SingleToUInt32Bits(value) >> 16)),
        })];
        Assert.Equal(Probe, LoadProbe(bytes, type, 6, 0, [3, 1]).Values);
    }

    [Theory]
    [InlineData("LongStorage", 8)]
    [InlineData("IntStorage", 4)]
    [InlineData("ShortStorage", 2)]
    [InlineData("CharStorage", 1)]
    [InlineData("ByteStorage", 1)]
    [InlineData("BoolStorage", 1)]
    public void Integers_are_converted(string type, int size)
    {
        long[] values = type switch
        {
            "BoolStorage" => [0, 1, 1, 0, 1, 0],
            "ByteStorage" => [0, 255, 128, 1, 2, 3],
            _ => [0, 127, -128, 1, -1, 3],
        };
        byte[] bytes = new byte[6 * size];
        byte[] wide = new byte[8];
        for (int i = 0; i < 6; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(wide, values[i]);
            wide.AsSpan(0, size).CopyTo(bytes.AsSpan(i * size));
        }

        Assert.Equal(values.Select(value => (float)value), LoadProbe(bytes, type, 6, 0, [3, 1]).Values);
    }

    [Theory]
    [InlineData(0, 3, 1, new float[] { 0, 1, 2, 3, 4, 5 })]
    [InlineData(2, 3, 1, new float[] { 2, 3, 4, 5, 6, 7 })]
    [InlineData(0, 1, 2, new float[] { 0, 2, 4, 1, 3, 5 })]
    [InlineData(1, 5, 2, new float[] { 1, 3, 5, 6, 8, 10 })]
    [InlineData(3, 0, 0, new float[] { 3, 3, 3, 3, 3, 3 })]
    public void Views_are_gathered_row_by_row(long offset, long rowStride, long columnStride, float[] expected)
    {
        float[] storage = [.. Enumerable.Range(0, 12).Select(i => (float)i)];
        Assert.Equal(expected, LoadProbe(TinyNetwork.Bytes(storage), "FloatStorage", 12, offset, [rowStride, columnStride]).Values);
    }

    [Fact]
    public void A_storage_can_be_shared()
    {
        StateDict network = TinyNetwork.Weights();
        PickleBuilder pickle = new PickleBuilder().BeginDict();
        long offset = 0;
        long total = network.Tensors.Sum(tensor => tensor.Values.Length);
        foreach (Tensor tensor in network.Tensors)
        {
            pickle.Text(tensor.Name).Tensor("all", total, offset, [.. tensor.Shape.Select(n => (long)n)],
                tensor.Shape.Count == 2 ? [tensor.Shape[1], 1] : [1]);
            offset += tensor.Values.Length;
        }

        byte[] file = new ArchiveBuilder()
            .Add("a/data.pkl", pickle.EndDict().Stop())
            .Add("a/data/all", TinyNetwork.Bytes([.. network.Tensors.SelectMany(tensor => tensor.Values)]))
            .Build();
        StateDict read = Checkpoint.Load("shared.pt", file, Options).Tensors;
        foreach (Tensor tensor in network.Tensors)
            Assert.Equal(tensor.Values, read.Get(tensor.Name, tensor.Values.Length).Values);
    }

    [Fact]
    public void Big_endian_files_are_swapped()
    {
        byte[] bytes = [.. Probe.SelectMany(value => BitConverter.GetBytes((double)value).Reverse())];
        Assert.Equal(Probe, LoadProbe(bytes, "DoubleStorage", 6, 0, [3, 1], "big").Values);
        Assert.Contains("byte order", Assert.Throws<InputException>(() =>
            LoadProbe(bytes, "DoubleStorage", 6, 0, [3, 1], "middle")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Pickle_protocols_2_to_5_are_read(int protocol)
    {
        StateDict network = TinyNetwork.Weights();
        StateDict read = Checkpoint.Load("p.pt", TinyNetwork.StateDictFile(network, protocol), Options).Tensors;
        Assert.Equal(network.Tensors.Select(tensor => tensor.Name), read.Tensors.Select(tensor => tensor.Name));
    }

    [Fact]
    public void Wrappers_prefixes_and_other_networks_in_the_file_are_set_aside()
    {
        StateDict network = TinyNetwork.Weights();
        PickleBuilder pickle = new PickleBuilder().BeginDict();
        pickle.Text("epoch").Integer(12).Text("loss").Float(0.125).Text("note").Text("warm").Text("optimizer").Raw('}');
        pickle.Text("state_dict").BeginDict();
        pickle.Text("other.weight").Tensor("missing", 5, 0, [5], [1]);
        ArchiveBuilder archive = new();
        foreach (Tensor tensor in network.Tensors)
        {
            pickle.Text("module.net." + tensor.Name).Tensor(tensor.Name, tensor.Values.Length, 0,
                [.. tensor.Shape.Select(n => (long)n)], tensor.Shape.Count == 2 ? [tensor.Shape[1], 1] : [1]);
            archive.Add($"a/data/{tensor.Name}", TinyNetwork.Bytes(tensor.Values));
        }

        Checkpoint read = Checkpoint.Load("t.pt", archive.Add("a/data.pkl", pickle.EndDict().EndDict().Stop()).Build(), Options);
        Assert.Equal(CheckpointKind.TrainingCheckpoint, read.Kind);
        Assert.Equal(network.Tensors.Select(tensor => tensor.Name), read.Tensors.Tensors.Select(tensor => tensor.Name));
        Assert.Equal(("12", "0.125", "warm"), (read.Metadata["epoch"], read.Metadata["loss"], read.Metadata["note"]));
    }

    [TorchFact]
    public void Files_of_PyTorch_in_every_protocol_and_type_are_read()
    {
        using ScratchFolder scratch = new();
        CheckpointWriter.Save(scratch["ours.pt"], TinyNetwork.Weights(), TinyNetwork.Config);
        Python.Run("""
            import sys, torch, collections
            sd = torch.load(sys.argv[1] + "/ours.pt")["state_dict"]
            for p in (2, 3, 4, 5):
                torch.save(collections.OrderedDict(sd), f"{sys.argv[1]}/p{p}.pt", pickle_protocol=p)
            for name in ("float16", "bfloat16", "float64"):
                torch.save({k: v.to(getattr(torch, name)) for k, v in sd.items()}, f"{sys.argv[1]}/{name}.pt")
            # Parameters, one of them a transposed view, wrapped as a training loop does.
            t = {k: torch.nn.Parameter(v.t().contiguous().t() if v.dim() == 2 else v) for k, v in sd.items()}
            torch.save({"epoch": 3, "model_state_dict": t, "optimizer_state_dict": {"state": {0: {"step": torch.tensor(2.)}}}},
                       f"{sys.argv[1]}/training.pt")
            torch.save(sd, f"{sys.argv[1]}/legacy.pt", _use_new_zipfile_serialization=False)
            """, scratch.Folder);
        float[] expected = [.. TinyNetwork.Weights().Tensors.SelectMany(tensor => tensor.Values)];
        foreach (string name in new[] { "p2", "p3", "p4", "p5", "float64", "training" })
            Assert.Equal(expected, Values(name));
        Assert.Equal(expected.Select(value => (float)(Half)value), Values("float16"));
        Assert.Equal(expected.Select(RoundToBFloat16), Values("bfloat16"));

        string message = Assert.Throws<InputException>(() => Values("legacy")).Message;
        Assert.Contains("before 1.6", message, StringComparison.Ordinal);

        IEnumerable<float> Values(string name) => Checkpoint.Load(scratch[name + ".pt"], Options)
            .Tensors.Tensors.SelectMany(tensor => tensor.Values);
    }

    /// <summary>To nearest, ties to even.</summary>
    private static float RoundToBFloat16(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return BitConverter.UInt32BitsToSingle((bits + 0x7fff + (bits >> 16 & 1)) & 0xffff0000);
    }
}
