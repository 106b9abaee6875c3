namespace Denoise.Networks.Engines.Simd.Lanes;

/// <summary>
/// Single-precision arithmetic on vectors of one width, so that a kernel is written once. Kernels are generic over the raw
/// vector type and this table of its operations: the compiler sees exact types and emits the bare instructions.
/// </summary>
/// <typeparam name="V">the vector</typeparam>
internal unsafe interface ISimd<V>
    where V : struct
{
    /// <summary>Floats in a vector.</summary>
    static abstract int Count { get; }

    static abstract V Zero { get; }

    static abstract V Create(float value);

    static abstract V Load(float* source);

    static abstract void Store(float* destination, V value);

    static abstract V Add(V a, V b);

    static abstract V Subtract(V a, V b);

    static abstract V Multiply(V a, V b);

    static abstract V Divide(V a, V b);

    /// <summary>a * b + c, rounded once.</summary>
    static abstract V MultiplyAdd(V a, V b, V c);

    /// <summary>c - a * b, rounded once.</summary>
    static abstract V NegateMultiplyAdd(V a, V b, V c);

    /// <summary>Of all lanes.</summary>
    static abstract float Sum(V value);

    static abstract V Clamp(V value, V low, V high);

    static abstract V Round(V value);

    /// <summary>2^n for integral -126 &lt;= n &lt;= 127.</summary>
    static abstract V PowerOfTwo(V n);
}
