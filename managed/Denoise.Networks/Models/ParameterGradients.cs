namespace Denoise.Networks.Models;

/// <summary>One sum of dL/dparameter per parameter of what is trained, in its order and under its names, in double precision.</summary>
public sealed class ParameterGradients
{
    private readonly Dictionary<string, double[]> _byName;

    public ParameterGradients(NequipModel model)
        : this(model.Parameters)
    {
    }

    /// <param name="parameters">of anything that is trained</param>
    public ParameterGradients(IReadOnlyList<Tensor> parameters)
    {
        Parameters = parameters;
        _byName = Parameters.ToDictionary(parameter => parameter.Name, parameter => new double[parameter.Values.Length]);
    }

    public IReadOnlyList<Tensor> Parameters { get; }

    /// <summary>[values of the parameter] its gradient; a live array.</summary>
    public double[] this[string name] => _byName[name];

    public void Clear()
    {
        foreach (double[] gradient in _byName.Values)
            Array.Clear(gradient);
    }
}
