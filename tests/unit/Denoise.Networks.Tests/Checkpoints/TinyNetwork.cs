using Denoise.Networks.Models;

namespace Denoise.Networks.Tests.Checkpoints;

/// <summary>The smallest network with every kind of tensor: some hundred weights, so that each byte of its file can be tried.</summary>
internal static class TinyNetwork
{
    public static NequipConfig Config { get; } = new()
    {
        Hidden = "2x0e+1x1e",
        Edge = "1x0e+1x1e+1x2e",
        Output = "1x1e",
        NodeEmbedding = "2x0e",
        AttributeEmbedding = "1x0e",
        SpeciesCount = 1,
        LayerCount = 2,
        Cutoff = 3.5,
        NeighborCount = 12,
        Radial = [2, 3],
    };

    public static StateDict Weights(int seed = 7) => NequipModel.CreateRandom(Config, seed).ToStateDict();

    /// <summary>As torch.save(state_dict) writes it.</summary>
    public static byte[] StateDictFile(StateDict tensors, int protocol = 2)
    {
        PickleBuilder pickle = new PickleBuilder(protocol).BeginDict();
        foreach (Tensor tensor in tensors.Tensors)
        {
            long[] strides = new long[tensor.Shape.Count];
            long stride = 1;
            for (int d = strides.Length - 1; d >= 0; d--)
                (strides[d], stride) = (stride, stride * tensor.Shape[d]);
            pickle.Text(tensor.Name).Tensor(tensor.Name, tensor.Values.Length, 0, [.. tensor.Shape.Select(n => (long)n)], strides);
        }

        ArchiveBuilder archive = new ArchiveBuilder().Add("net/data.pkl", pickle.EndDict().Stop()).Add("net/version", "3\n"u8.ToArray());
        foreach (Tensor tensor in tensors.Tensors)
            archive.Add($"net/data/{tensor.Name}", Bytes(tensor.Values));
        return archive.Build();
    }

    public static byte[] Bytes(float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];
}
