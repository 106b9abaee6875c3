using ILGPU;

namespace Denoise.Kernels.Structure;

/// <summary>
/// The fifteen smallest keys in ascending order, in registers: written out, because registers cannot be indexed. A key is the bits of a
/// squared distance, whose last five are the candidate's number.
/// </summary>
public struct NearestKeys
{
    /// <summary>Bits of a key that number the candidates.</summary>
    public const int NumberMask = 31;

    public int K0;
    public int K1;
    public int K2;
    public int K3;
    public int K4;
    public int K5;
    public int K6;
    public int K7;
    public int K8;
    public int K9;
    public int K10;
    public int K11;
    public int K12;
    public int K13;
    public int K14;

    public static NearestKeys None => new()
    {
        K0 = int.MaxValue,
        K1 = int.MaxValue,
        K2 = int.MaxValue,
        K3 = int.MaxValue,
        K4 = int.MaxValue,
        K5 = int.MaxValue,
        K6 = int.MaxValue,
        K7 = int.MaxValue,
        K8 = int.MaxValue,
        K9 = int.MaxValue,
        K10 = int.MaxValue,
        K11 = int.MaxValue,
        K12 = int.MaxValue,
        K13 = int.MaxValue,
        K14 = int.MaxValue,
    };

    /// <summary>Squared distance of a key, too small by less than 4e-6 of it.</summary>
    public static float Square(int key) => Interop.IntAsFloat((uint)(key & ~NumberMask));

    /// <summary>The keys with another one among them.</summary>
    public static NearestKeys Insert(NearestKeys n, int key)
    {
        int displaced;
        displaced = IntrinsicMath.Max(n.K0, key);
        n.K0 = IntrinsicMath.Min(n.K0, key);
        key = displaced;
        displaced = IntrinsicMath.Max(n.K1, key);
        n.K1 = IntrinsicMath.Min(n.K1, key);
        key = displaced;
        displaced = IntrinsicMath.Max(n.K2, key);
        n.K2 = IntrinsicMath.Min(n.K2, key);
        key = displaced;
        displaced = IntrinsicMath.Max(n.K3, key);
        n.K3 = IntrinsicMath.Min(n.K3, key);
        key = displaced;
        displaced = IntrinsicMath.Max(n.K4, key);
        n.K4 = IntrinsicMath.Min(n.K4, key);
        key = displaced;
        displaced = IntrinsicMath.Max(n.K5, key);
        n.K5 = IntrinsicMath.Min(n.K5, key);
        key = displaced;
        displaced = IntrinsicMath.Max(n.K6, key);
        n.K6 = IntrinsicMath.Min(n.K6, key);
        key = displaced;
        displaced = IntrinsicMath.Max(n.K7, key);
        n.K7 = IntrinsicMath.Min(n.K7, key);
        key = displaced;
        displaced = IntrinsicMath.Max(n.K8, key);
        n.K8 = IntrinsicMath.Min(n.K8, key);
        key = displaced;
        displaced = IntrinsicMath.Max(n.K9, key);
        n.K9 = IntrinsicMath.Min(n.K9, key);
        key = displaced;
        displaced = IntrinsicMath.Max(n.K10, key);
        n.K10 = IntrinsicMath.Min(n.K10, key);
        key = displaced;
        displaced = IntrinsicMath.Max(n.K11, key);
        n.K11 = IntrinsicMath.Min(n.K11, key);
        key = displaced;
        displaced = IntrinsicMath.Max(n.K12, key);
        n.K12 = IntrinsicMath.Min(n.K12, key);
        key = displaced;
        displaced = IntrinsicMath.Max(n.K13, key);
        n.K13 = IntrinsicMath.Min(n.K13, key);
        key = displaced;
        n.K14 = IntrinsicMath.Min(n.K14, key);
        return n;
    }

    /// <summary>Brings the keys where they can be indexed.</summary>
    public static void Store(NearestKeys n, ArrayView<int> sorted)
    {
        sorted[0] = n.K0;
        sorted[1] = n.K1;
        sorted[2] = n.K2;
        sorted[3] = n.K3;
        sorted[4] = n.K4;
        sorted[5] = n.K5;
        sorted[6] = n.K6;
        sorted[7] = n.K7;
        sorted[8] = n.K8;
        sorted[9] = n.K9;
        sorted[10] = n.K10;
        sorted[11] = n.K11;
        sorted[12] = n.K12;
        sorted[13] = n.K13;
        sorted[14] = n.K14;
    }
}
