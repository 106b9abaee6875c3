using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Denoise.Networks.Models;

namespace Denoise.InSitu;

/// <summary>
/// A number that tells networks apart by configuration and weights, wherever they were read from: the first 52 bits of a SHA-256, which
/// double precision holds exactly, so that ranks can compare it by their smallest and largest.
/// </summary>
public static class ModelDigest
{
    private const int Bits = 52;

    public static double Of(IModel model) => model is TorchScriptModel script ? Fold(script.Hash) : Of((NequipModel)model);

    private static double Of(NequipModel model)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        NequipConfig c = model.Config;
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"{c.Hidden} {c.Edge} {c.Output} {string.Join(',', c.Heads)} {string.Join(',', c.Classes)} " +
            $"{c.NodeEmbedding} {c.AttributeEmbedding} {c.SpeciesCount} {c.LayerCount} {c.Cutoff:R} " +
            $"{c.NeighborCount:R} {string.Join(',', c.Radial)} {c.Basis} {c.Envelope} {string.Join(',', c.Species)} {c.SpeciesAreRoles} " +
            $"{c.ScaleLength:R} {c.ScaleNeighbors} {c.ScoreScale:R}{(c.ForceEncoding.Length > 0 ? " " : "")}{c.ForceEncoding}")));
        foreach (Tensor tensor in model.Parameters)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(tensor.Name));
            hash.AppendData(MemoryMarshal.AsBytes(tensor.Values.AsSpan()));
        }

        return Fold(hash.GetHashAndReset());
    }

    public static double Fold(string text) => Fold(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static double Fold(ReadOnlySpan<byte> digest) => BinaryPrimitives.ReadUInt64BigEndian(digest) >> (64 - Bits);
}
