namespace Denoise.Networks.Engines.Simd.Kernels;

/// <summary>Rows of four atoms of one species; one may stand for several atoms whose result nobody wants.</summary>
internal unsafe struct ProductRows
{
    /// <summary>[4] first input.</summary>
    public float** First;

    /// <summary>[4] second input.</summary>
    public float** Second;

    /// <summary>[4] what multiplies that which the first input contributes.</summary>
    public float* Factors;

    /// <summary>[4] activated gates: written by some tiles, read by later ones.</summary>
    public float** Gates;

    /// <summary>[4] outputs.</summary>
    public float** Outputs;
}
