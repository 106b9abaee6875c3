namespace Denoise.Networks.Maps;

/// <summary>A <see cref="MapNetwork"/> layer by layer in double precision, to be read: the oracle of <see cref="MapInference"/>.</summary>
public static class ReferenceMapNetwork
{
    /// <summary>Logits of an image.</summary>
    /// <param name="network">trained: normalized by its running mean and variance</param>
    /// <param name="image">[Size, Size, channels]</param>
    public static double[] Logits(MapNetwork network, double[] image)
    {
        double[] values = image;
        for (int l = 0; l < network.Convolutions.Count; l++)
        {
            ConvolutionShape layer = network.Convolutions[l];
            values = Rectified(Convolved(layer, network[$"{layer.Name}.weight"], network[$"{layer.Name}.bias"], values));
            if (l == MapNetwork.Pooled)
                values = PooledByTwo(values, layer.SizeOut, layer.Outputs);
        }

        double[] hidden = Rectified(Dense(values, network["dense1.weight"], network["dense1.bias"]));
        for (int h = 0; h < hidden.Length; h++)
            hidden[h] = (hidden[h] - network["norm.running_mean"][h]) / Math.Sqrt(network["norm.running_var"][h] + MapNetwork.Epsilon)
                * network["norm.weight"][h] + network["norm.bias"][h];
        return Dense(hidden, network["dense2.weight"], network["dense2.bias"]);
    }

    private static double[] Convolved(ConvolutionShape layer, float[] weights, float[] bias, double[] image)
    {
        double[] result = new double[layer.OutputLength];
        for (int y = 0; y < layer.SizeOut; y++)
            for (int x = 0; x < layer.SizeOut; x++)
                for (int o = 0; o < layer.Outputs; o++)
                {
                    double sum = bias[o];
                    for (int ky = 0; ky < layer.Kernel; ky++)
                        for (int kx = 0; kx < layer.Kernel; kx++)
                        {
                            int row = y * layer.Stride + ky - layer.Before, column = x * layer.Stride + kx - layer.Before;
                            if (row < 0 || row >= layer.Size || column < 0 || column >= layer.Size)
                                continue;
                            for (int c = 0; c < layer.Inputs; c++)
                                sum += image[(row * layer.Size + column) * layer.Inputs + c]
                                    * weights[((ky * layer.Kernel + kx) * layer.Inputs + c) * layer.Outputs + o];
                        }

                    result[(y * layer.SizeOut + x) * layer.Outputs + o] = sum;
                }

        return result;
    }

    private static double[] PooledByTwo(double[] image, int size, int channels)
    {
        double[] result = new double[image.Length / 4];
        Array.Fill(result, double.NegativeInfinity);
        for (int y = 0; y < size; y++)
            for (int x = 0; x < size; x++)
                for (int c = 0; c < channels; c++)
                {
                    int to = (y / 2 * (size / 2) + x / 2) * channels + c;
                    result[to] = Math.Max(result[to], image[(y * size + x) * channels + c]);
                }

        return result;
    }

    private static double[] Dense(double[] values, float[] weights, float[] bias)
    {
        double[] result = [.. bias.Select(b => (double)b)];
        for (int i = 0; i < values.Length; i++)
            for (int o = 0; o < result.Length; o++)
                result[o] += values[i] * weights[i * result.Length + o];
        return result;
    }

    private static double[] Rectified(double[] values) => [.. values.Select(value => Math.Max(0, value))];
}
