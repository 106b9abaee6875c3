using System.Globalization;
using System.Runtime.InteropServices;
using Denoise.Atoms;
using Denoise.Atoms.Threading;
using Denoise.Cli.CommandLine;
using Denoise.Cli.Output;
using Denoise.Networks.Maps;
using Denoise.Training.Maps;

namespace Denoise.Cli.Training;

/// <summary>Trains a Neighbors Map from labelled frames, a matter of minutes, and writes it when it is finished.</summary>
internal static class MapTrainProgram
{
    /// <exception cref="InputException">whatever stands in the way</exception>
    public static int Run(MapTrainOptions options)
    {
        MapSource[] sources = [.. options.Maps.SelectMany(MapSource.Parse)];
        if (OutputRules.Existing(options.Output, sources.Select(source => source.File)) is not null && !options.Force)
            throw new InputException($"{options.Output}: exists already, and training would replace it; choose another name, " +
                "or give --force.");
        MapSettings settings = options.SpeciesWeights.Count > 0 ? MapSettings.Geometric with { Weights = [options.SpeciesWeights] }
            : MapSettings.Geometric;
        using WorkerPool pool = new(options.Threads ?? Environment.ProcessorCount);
        MapSet set;
        using (MapImages images = new(settings, options.PerFrame, options.Seed, pool))
            set = images.Load(sources);

        TextWriter output = StandardStreams.CreateOutput();
        using MapTraining training = new(settings, set, options.Batch, options.Epochs, options.Rate, options.Seed, pool);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{set.Images.Count:N0} images of {string.Join(", ", set.Classes)}; {training.TrainedCount:N0} to learn from, " +
            $"{training.ValidatedCount:N0} held out"));
        output.WriteLine("epoch      loss     right");
        using CancellationTokenSource cancellation = new();
        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            cancellation.Cancel();
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var termination = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        for (int epoch = 0; epoch < options.Epochs; epoch++)
        {
            (double loss, double right) = training.Epoch(epoch, cancellation.Token);
            if (cancellation.IsCancellationRequested)
                throw new InputException($"stopped in epoch {epoch + 1} of {options.Epochs}; nothing was written.");
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{epoch + 1,5}  {loss,8:F5}  {100 * right,7:F3}%"));
            output.Flush();
        }

        long[,] table = training.Validate();
        string named = Report(output, set.Classes, table);
        MapFile.Save(options.Output, training.Network, new Dictionary<string, string>
        {
            ["program"] = VersionAction.Text,
            ["frames"] = string.Join(' ', options.Maps),
            ["settings"] = string.Create(CultureInfo.InvariantCulture,
                $"epochs {options.Epochs}, batch {options.Batch}, rate {options.Rate}, per frame {options.PerFrame}, seed {options.Seed}"),
            ["held out"] = named,
        });
        output.Flush();
        return ExitCode.Success;
    }

    private static string Report(TextWriter output, IReadOnlyList<string> classes, long[,] table)
    {
        List<string> parts = [];
        output.WriteLine("held out, named right:");
        for (int k = 0; k < classes.Count; k++)
        {
            long all = 0;
            for (int n = 0; n < classes.Count; n++)
                all += table[k, n];
            string part = string.Create(CultureInfo.InvariantCulture, $"{100.0 * table[k, k] / Math.Max(1, all):F2}% of {all:N0}");
            output.WriteLine($"  {classes[k],-20} {part}");
            parts.Add($"{classes[k]} {part}");
        }

        return string.Join(", ", parts);
    }
}
