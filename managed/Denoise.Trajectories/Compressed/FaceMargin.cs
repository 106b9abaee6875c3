using Denoise.Atoms;

namespace Denoise.Trajectories.Compressed;

/// <summary>How near to a face of the box denoised atoms may turn up at the other one.</summary>
internal static class FaceMargin
{
    // Of an atom that is given with its images.
    private const double BitsOfException = 44;

    /// <summary>
    /// Parts of an edge by which atoms are outside, up to where the others cost less as exceptions than a choice for all that are as near
    /// to a face: denoising moves atoms that were folded before, and leaves some at either side of a face.
    /// </summary>
    /// <param name="positions">[count, 4] Å, the last unused</param>
    /// <param name="box">of the frame</param>
    /// <param name="axis">of the edge</param>
    public static double Of(ReadOnlySpan<double> positions, Box box, int axis)
    {
        List<double> outside = [], inside = [];
        Collect(positions, box, axis, 0, double.PositiveInfinity, outside);
        if (outside.Count == 0)
            return 0;
        outside.Sort();
        Collect(positions, box, axis, -outside[^1], 0, inside);
        inside.Sort();
        (double best, double fewest) = (0, BitsOfException * outside.Count);
        // From the nearest to a face, which of those inside are the last.
        for (int k = 0, near = 0; k < outside.Count; k++)
        {
            while (near < inside.Count && -inside[inside.Count - 1 - near] <= outside[k])
                near++;
            double covered = k + 1, all = covered + near;
            double bits = BitsOfException * (outside.Count - covered) + covered * Math.Log2(all / covered) +
                (near == 0 ? 0 : near * Math.Log2(all / near));
            if (bits < fewest)
                (best, fewest) = (outside[k], bits);
        }

        return best;
    }

    /// <summary>How far atoms are outside of the box along an edge, as parts of it and within a range; negative: inside.</summary>
    private static void Collect(ReadOnlySpan<double> positions, Box box, int axis, double above, double upTo, List<double> depths)
    {
        var (a, b, c) = box.Reciprocal;
        Vec3 row = axis == 0 ? a : axis == 1 ? b : c;
        for (int at = 0; at < positions.Length; at += 4)
        {
            double part = Vec3.Dot(row, new Vec3(positions[at], positions[at + 1], positions[at + 2]) - box.Origin);
            double depth = Math.Max(-part, part - 1);
            if (depth > above && depth <= upTo)
                depths.Add(depth);
        }
    }
}
