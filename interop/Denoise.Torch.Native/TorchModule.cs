using System.Globalization;
using System.Runtime.InteropServices;
using Denoise.Networks.Engines.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Denoise.Torch.Native;

/// <summary>A TorchScript module on its device. docs/torch.md has what it takes and returns. One call at a time.</summary>
internal sealed unsafe class TorchModule : IDisposable
{
    private readonly jit.ScriptModule _module;
    private readonly Device _device;

    /// <param name="path">of the archive; code in it may run from here on</param>
    /// <param name="device">cpu, cuda:N, or cuda#K: of the cards that there are, dealt out, the one of the K-th process</param>
    /// <param name="threads">of libtorch, in this process</param>
    public TorchModule(string path, string device, int threads)
    {
        bool isCuda = device.StartsWith("cuda", StringComparison.Ordinal);
        if (isCuda && !cuda.is_available())
            throw new InvalidOperationException("this libtorch sees no CUDA device; leave 'cuda' out, or give a PyTorch with CUDA by " +
                "DENOISE_LIBTORCH, on a machine with a driver.");
        int card = isCuda ? int.Parse(device.AsSpan(5), CultureInfo.InvariantCulture) : -1;
        if (isCuda && device[4] == '#')
            card %= cuda.device_count();
        _device = new(isCuda ? DeviceType.CUDA : DeviceType.CPU, card);
        if (isCuda && card >= cuda.device_count())
            throw new InvalidOperationException($"there is no device {device}: this libtorch sees {cuda.device_count()}, counted from 0.");
        set_num_threads(threads);
        try
        {
            _module = jit.load(path, _device.type, card);
        }
        catch (Exception failure) when (failure is ExternalException or InvalidOperationException)
        {
            throw new InvalidOperationException($"libtorch cannot load it: {Sentence(failure)}");
        }

        _module.eval();
    }

    /// <exception cref="InvalidOperationException">the module fails, or returns what it should not: one sentence</exception>
    public void Forward(in TorchCall call)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable mode = call.NeedsGradients != 0 ? enable_grad() : no_grad();
        ScalarType real = call.IsDouble != 0 ? ScalarType.Float64 : ScalarType.Float32;
        Tensor positions = Take(call.Positions, ScalarType.Float64, call.AtomCount, 3).to(real).to(_device);
        Tensor species = Take(call.Species, ScalarType.Int64, call.AtomCount).to(_device);
        Tensor edges = Take(call.Edges, ScalarType.Int64, 2, call.EdgeCount).to(_device);
        Tensor vectors = Take(call.Vectors, ScalarType.Float64, call.EdgeCount, 3).to(real).to(_device);
        object? returned;
        try
        {
            returned = _module.forward(positions, species, edges, vectors);
        }
        catch (Exception failure) when (failure is ExternalException or InvalidOperationException)
        {
            throw new InvalidOperationException($"the module failed: {Sentence(failure)}");
        }
        catch (ArgumentException)
        {
            // Of TorchSharp, about what it cannot make an object of.
            returned = null;
        }

        Tensor[] heads = Heads(returned);
        if (heads.Length != call.HeadCount)
            throw new InvalidOperationException($"the module returned {heads.Length} tensors where denoise.json promises " +
                $"{call.HeadCount}.");
        for (int h = 0; h < heads.Length; h++)
            Store(heads[h], h, call);
    }

    public void Dispose() => _module.Dispose();

    private static Tensor Take(void* values, ScalarType type, params long[] shape)
    {
        Tensor tensor = empty(shape, type);
        long bytes = tensor.NumberOfElements * tensor.ElementSize;
        if (bytes > int.MaxValue)
            throw new InvalidOperationException($"{shape.Max()} rows are too many for one call of a module; use more ranks.");
        new ReadOnlySpan<byte>(values, (int)bytes).CopyTo(tensor.bytes);
        return tensor;
    }

    private static Tensor[] Heads(object? returned) => returned switch
    {
        Tensor one => [one],
        Tensor[] several => several,
        object[] several when several.All(item => item is Tensor) => [.. several.Cast<Tensor>()],
        System.Runtime.CompilerServices.ITuple tuple when Enumerable.Range(0, tuple.Length).All(k => tuple[k] is Tensor) =>
            [.. Enumerable.Range(0, tuple.Length).Select(k => (Tensor)tuple[k]!)],
        _ => throw new InvalidOperationException("the module must return a tensor or a tuple of tensors, and returned something else."),
    };

    private static void Store(Tensor head, int index, in TorchCall call)
    {
        int width = call.Widths[index];
        if (head.shape is not [var rows, var columns] || rows != call.AtomCount || columns != width)
            throw new InvalidOperationException($"tensor {index + 1} that the module returned is [{string.Join(", ", head.shape)}] and " +
                $"must be [{call.AtomCount}, {width}]: a row per atom.");
        if (!head.is_floating_point())
            throw new InvalidOperationException($"tensor {index + 1} that the module returned holds {head.dtype}, and must hold real " +
                "numbers.");
        if (call.Outputs[index] == null)
            return;
        Tensor values = head.detach().narrow(0, 0, call.OwnedCount).to(ScalarType.Float32).cpu().contiguous();
        MemoryMarshal.Cast<byte, float>(values.bytes).CopyTo(new(call.Outputs[index], checked((int)call.OwnedCount * width)));
    }

    /// <summary>What is wrong, without the stack: TorchScript's own sentence is the last line, others say it in the first.</summary>
    private static string Sentence(Exception failure)
    {
        string[] lines = [.. failure.Message.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];
        if (lines.Length == 0)
            return failure.GetType().Name + ".";
        bool isScript = lines[0].StartsWith("The following operation failed", StringComparison.Ordinal);
        string said = isScript ? lines[^1] : lines[0];
        int stack = said.IndexOf("Exception raised from", StringComparison.Ordinal);
        return (stack > 0 ? said[..stack] : said).Trim().TrimEnd('.') + ".";
    }
}
