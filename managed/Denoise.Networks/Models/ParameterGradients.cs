namespace Denoise.Networks.Models;

/// <summary>One sum of dL/dparameter per parameter of a model, in its order and under its names, in double precision.</summary>
public sealed class ParameterGradients
{
    private readonly Dictionary<string, double[]> _byName;

    public ParameterGradients(NequipModel model)
    {
        Parameters = model.Parameters;
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
