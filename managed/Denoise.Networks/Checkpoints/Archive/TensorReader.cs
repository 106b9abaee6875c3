using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Denoise.Atoms;
using Denoise.Networks.Checkpoints.Pickle;
using Denoise.Networks.Models;

namespace Denoise.Networks.Checkpoints.Archive;

/// <summary>
/// Turns views of storages into row-major single-precision tensors. All tensors of a file together may have as many values as
/// the file has bytes: no honest checkpoint comes near, and a small file cannot ask for much memory through shared storages.
/// </summary>
internal sealed class TensorReader(TorchArchive archive)
{
    private long _remaining = archive.Length;

    /// <exception cref="InputException">the view does not fit its storage, or holds a value that is not finite</exception>
    public Tensor Read(string name, PickleTensor view)
    {
        int count = Validate(name, view);
        PickleStorage storage = view.Storage;
        ReadOnlySpan<byte> bytes = archive.Storage(storage.Key);
        int size = storage.Type.Size();
        if (bytes.Length % size != 0 || storage.Count != bytes.Length / size)
            throw Damaged(name, $"its storage '{storage.Key}' has {bytes.Length} bytes where {storage.Count} x {size} are declared");

        float[] values = new float[count];
        if (count > 0)
            Gather(view, bytes, values);
        int bad = Array.FindIndex(values, value => !float.IsFinite(value));
        if (bad >= 0)
            throw new InputException($"{archive.Source}: tensor '{name}' holds {values[bad]} at index {bad}; the network was saved " +
                "after its training had diverged, take an earlier checkpoint.");
        return new(name, [.. view.Sizes.Select(n => (int)n)], values);
    }

    /// <summary>The number of values, all of which lie inside the storage.</summary>
    private int Validate(string name, PickleTensor view)
    {
        long count = 1;
        foreach (long size in view.Sizes)
        {
            if (size is < 0 or > int.MaxValue)
                throw Damaged(name, $"it has a size of {size}");
            count = count * size;
            if (count > int.MaxValue)
                throw Damaged(name, "it has more values than the file has bytes");
        }

        _remaining -= count;
        if (_remaining < 0)
            throw Damaged(name, "the tensors up to it have more values than the file has bytes");
        if (view.Offset < 0 || view.Strides.Any(stride => stride < 0))
            throw Damaged(name, "it begins or runs before its storage");
        if (count == 0)
            return 0;

        Int128 last = view.Offset;
        for (int d = 0; d < view.Sizes.Length; d++)
            last += (Int128)(view.Sizes[d] - 1) * view.Strides[d];
        return last < view.Storage.Count
            ? (int)count
            : throw Damaged(name, $"it reaches element {last} of a storage of {view.Storage.Count}");
    }

    /// <summary>Whether the elements lie as the tensor wants them, which nearly all do.</summary>
    private static bool IsContiguous(PickleTensor view)
    {
        long stride = 1;
        for (int d = view.Sizes.Length - 1; d >= 0; d--)
        {
            if (view.Sizes[d] > 1 && view.Strides[d] != stride)
                return false;
            stride *= view.Sizes[d];
        }

        return true;
    }

    /// <summary>Walks the view in row-major order; <c>index</c> counts like an odometer, <c>element</c> follows it.</summary>
    private void Gather(PickleTensor view, ReadOnlySpan<byte> bytes, float[] values)
    {
        ElementType type = view.Storage.Type;
        int size = type.Size();
        if (type == ElementType.Float32 && archive.BigEndian != BitConverter.IsLittleEndian && IsContiguous(view))
        {
            bytes.Slice((int)(view.Offset * size), values.Length * size).CopyTo(MemoryMarshal.AsBytes(values.AsSpan()));
            return;
        }

        long[] index = new long[view.Sizes.Length];
        long element = view.Offset;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Element(type, bytes.Slice((int)(element * size), size), archive.BigEndian);
            for (int d = index.Length - 1; d >= 0; d--)
            {
                element += view.Strides[d];
                if (++index[d] < view.Sizes[d])
                    break;
                element -= view.Strides[d] * index[d];
                index[d] = 0;
            }
        }
    }

    private static float Element(ElementType type, ReadOnlySpan<byte> bytes, bool bigEndian)
    {
        Span<byte> value = stackalloc byte[8];
        value = value[..bytes.Length];
        bytes.CopyTo(value);
        if (bigEndian)
            value.Reverse();
        return type switch
        {
            ElementType.Float32 => BinaryPrimitives.ReadSingleLittleEndian(value),
            ElementType.Float64 => (float)BinaryPrimitives.ReadDoubleLittleEndian(value),
            ElementType.Float16 => (float)BinaryPrimitives.ReadHalfLittleEndian(value),
            // The upper half of a single.
            ElementType.BFloat16 => BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(value) << 16),
            ElementType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(value),
            ElementType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(value),
            ElementType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(value),
            ElementType.Int8 => (sbyte)value[0],
            ElementType.UInt8 => value[0],
            _ => value[0] != 0 ? 1 : 0,
        };
    }

    private InputException Damaged(string name, string what) =>
        new($"{archive.Source}: tensor '{name}' is damaged: {what}; copy the file again or save it again.");
}
