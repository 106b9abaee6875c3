using Denoise.Networks.Models;
using Denoise.TestSupport;

namespace Denoise.Networks.Tests.Checkpoints;

/// <summary>The smallest network with every kind of tensor, and its file.</summary>
internal static class TinyNetwork
{
    public static NequipConfig Config => TestNetwork.Tiny;

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
