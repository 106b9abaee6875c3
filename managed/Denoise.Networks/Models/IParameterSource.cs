namespace Denoise.Networks.Models;

/// <summary>Where a model under construction takes its parameters from, in the order of its state dict.</summary>
internal interface IParameterSource
{
    /// <summary>The values of a parameter, row-major; the model keeps the array.</summary>
    float[] Take(string name, params int[] shape);

    /// <summary>Compares a mask stored beside the parameters, if there is one, with what the architecture implies.</summary>
    void CheckMask(string name, float[] expected);
}
