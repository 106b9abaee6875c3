using Denoise.Atoms.Threading;
using Denoise.Devices;
using Denoise.Neighbors.Cells;
using Denoise.Networks.Engines;
using Denoise.Networks.Engines.Device;
using Denoise.Networks.Engines.Torch;
using Denoise.Networks.Models;
using Denoise.Parallel;

namespace Denoise.InSitu.Denoising;

/// <summary>What evaluates the network of a session: the same on all ranks, because engines exchange rows of their own.</summary>
internal sealed class EngineSelection
{
    private EngineSelection(IEngine? engine) => Engine = engine;

    /// <summary>Null: there is no model.</summary>
    public IEngine? Engine { get; }

    /// <summary>What goes on where <see cref="Engine"/>'s device fails; null: nothing does.</summary>
    public IEngine? Reserve { get; private init; }

    /// <summary>Of <see cref="Engine"/>, to be disposed after it; null: it is on the processor.</summary>
    public Device? Device { get; private init; }

    /// <summary>Why the processor computes although a device was asked for, beginning with "device:"; null: it does not.</summary>
    public string? Notice { get; private init; }

    /// <summary>Makes the engine. Collective.</summary>
    /// <exception cref="DeviceException">a device was asked for by name that is not there, or cannot be used</exception>
    public static EngineSelection Create(SessionSettings settings, WorkerPool pool, CellGrid grid, ICommunicator communicator)
    {
        DeviceChoice choice = settings.Options.Device;
        bool isNamed = choice.Kind is not null, isWanted = isNamed || choice == DeviceChoice.Automatic;
        // Nothing to be said where a device is only to be used if there is something for it to do.
        string? problem = isNamed ? Unsuited(settings) : null;
        Device? device = null;
        DeviceEngine? engine = isWanted && Unsuited(settings) is null ? Open(settings, out device, ref problem) : null;
        int? without;
        try
        {
            without = Agreement.LowestWithout(communicator, engine is not null || Unsuited(settings) is not null || !isWanted);
        }
        catch
        {
            engine?.Dispose();
            device?.Dispose();
            throw;
        }

        if (engine is not null && without is null)
            return new(engine) { Device = device, Reserve = isNamed ? null : OnProcessor(settings, pool, grid) };
        if (engine is not null)
            problem = $"rank {without} has none that can be used";
        engine?.Dispose();
        device?.Dispose();
        return new(OnProcessor(settings, pool, grid))
        {
            Notice = problem is null ? null : $"device: {problem.TrimEnd('.')}; the processor computes.",
        };
    }

    /// <summary>Why no device can do what is to be done, or null.</summary>
    private static string? Unsuited(SessionSettings settings)
    {
        if (settings.Options.Engine != EngineKind.Simd)
            return "the engine is for the processor";
        if (settings.Model is not NequipModel model)
            return "there is no network to compute";
        if (model.IsConservative && settings.Moves)
            return $"{model.Origin} predicts the gradient of a density, for which there are no kernels";
        return DeviceNetwork.Supports(model, out string? reason) ? null : reason;
    }

    private static DeviceEngine? Open(SessionSettings settings, out Device? device, ref string? problem)
    {
        SessionOptions options = settings.Options;
        device = null;
        try
        {
            DeviceInfo info = options.Device.Find(options.Devices ?? DeviceList.Find(), options.PlaceOnNode ?? NodePlace.OfEnvironment);
            device = DeviceList.Open(info);
            return new(device, (NequipModel)settings.Model!);
        }
        catch (DeviceException failure)
        {
            device?.Dispose();
            device = null;
            if (options.Device.Kind is not null)
                throw;
            problem = failure.Message;
            return null;
        }
    }

    private static IEngine? OnProcessor(SessionSettings settings, WorkerPool pool, CellGrid grid)
    {
        SessionOptions options = settings.Options;
        return settings.Model switch
        {
            null => null,
            TorchScriptModel script => new TorchEngine(
                script, options.TorchDevice, options.PlaceOnNode ?? NodePlace.OfEnvironment, options.Threads, pool, grid),
            NequipModel network when options.Engine == EngineKind.Reference => EngineFactory.CreateReference(network),
            var network => EngineFactory.Create((NequipModel)network, pool, grid, settings.Moves),
        };
    }
}
