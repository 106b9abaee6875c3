using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.Trajectories.Compressed;

namespace Denoise.InSitu.Native;

/// <summary>The part of it that packs positions in memory.</summary>
internal static unsafe partial class Api
{
    // Half a unit in the last place of a float, as a part of it.
    private const double SingleRounding = 1.0 / (1 << 24);

    [ThreadStatic]
    private static NativeBuffer<byte>? _packed;

    public static void BlockPack(DnBlock* block, void* positions, void** bytes, long* length)
    {
        FailurePath.Prepare();
        DnBlock of = Read(block);
        if (bytes == null || length == null)
            throw new SessionException(SessionError.Argument, "bytes or length: is NULL; there is nowhere to put the result.");
        if (!(of.Bound > 0) || !double.IsFinite(of.Bound))
            throw new SessionException(SessionError.Argument, $"bound: is {of.Bound}; it is a length above 0.");
        byte[] packed;
        if (of.IsSingle == 0)
        {
            packed = PackedPositions.Pack(new(Given(positions, of), Numbers(of)), (int)of.Frames, (int)of.Atoms, of.Bound);
        }
        else
        {
            using NativeBuffer<double> doubles = new(Numbers(of));
            float* singles = (float*)Given(positions, of);
            double largest = 0;
            for (long k = 0; k < doubles.Length; k++)
            {
                doubles[k] = singles[k];
                largest = Math.Max(largest, Math.Abs(doubles[k]));
            }

            // What comes back is rounded once more.
            double bound = of.Bound - largest * SingleRounding;
            if (bound <= 0)
                throw new InputException(FormattableString.Invariant(
                    $"a coordinate is {largest}, where single precision is not exact to {of.Bound}; choose a larger bound, or doubles"));
            // Not finite: said with the atom by whoever looks at each.
            packed = PackedPositions.Pack(doubles.Span, (int)of.Frames, (int)of.Atoms, double.IsFinite(bound) ? bound : of.Bound);
        }

        NativeBuffer<byte> kept = _packed ??= new();
        kept.Resize(packed.Length);
        packed.CopyTo(kept.Span);
        *bytes = kept.Pointer;
        *length = packed.Length;
    }

    public static void BlockUnpack(DnBlock* block, void* bytes, long length, void* positions)
    {
        FailurePath.Prepare();
        DnBlock of = Read(block);
        if (bytes == null || length is < 0 or > int.MaxValue)
            throw new SessionException(SessionError.Argument, $"bytes: is NULL, or its length {length} impossible.");
        byte[] packed = new ReadOnlySpan<byte>(bytes, (int)length).ToArray();
        void* to = Given(positions, of);
        if (of.IsSingle == 0)
        {
            PackedPositions.Unpack(packed, (int)of.Frames, (int)of.Atoms, new(to, Numbers(of)));
            return;
        }

        using NativeBuffer<double> doubles = new(Numbers(of));
        PackedPositions.Unpack(packed, (int)of.Frames, (int)of.Atoms, doubles.Span);
        for (long k = 0; k < doubles.Length; k++)
            ((float*)to)[k] = (float)doubles[k];
    }

    private static DnBlock Read(DnBlock* block)
    {
        DnBlock read = Structs.Read<DnBlock>(block, "block");
        if (read.Frames < 0 || read.Atoms < 0 || (read.Atoms > 0 && read.Frames > PackedPositions.Most / read.Atoms) ||
            read.Frames > PackedPositions.Most || read.Atoms > PackedPositions.Most)
            throw new SessionException(SessionError.Argument,
                $"frames and atoms: {read.Frames} times {read.Atoms} is impossible; together at most {PackedPositions.Most}.");
        return read;
    }

    private static void* Given(void* positions, DnBlock of) => positions != null || Numbers(of) == 0
        ? positions : throw new SessionException(SessionError.Argument, "positions: is NULL.");

    private static int Numbers(DnBlock of) => (int)(3 * of.Frames * of.Atoms);
}
