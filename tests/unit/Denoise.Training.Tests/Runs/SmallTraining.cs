using Denoise.Atoms.Threading;
using Denoise.Networks.Models;
using Denoise.Training.Runs;
using Denoise.Training.Structures;

namespace Denoise.Training.Tests.Runs;

/// <summary>A training that takes a second.</summary>
internal static class SmallTraining
{
    public static TrainingSettings Settings { get; } = new()
    {
        Hidden = "4x0e+4x1o",
        LayerCount = 2,
        Cutoff = 3.2,
        BesselCount = 6,
        RadialUnits = 8,
        Steps = 200,
        BatchCells = 4,
        CellAtoms = 30,
        WarmUp = 5,
        LearningRate = 0.02,
        AverageDecay = 0.9,
    };

    public static IdealStructure[] Structures()
    {
        IdealStructure[] structures =
            [.. new[] { "fcc", "bcc" }.Select(name => IdealStructure.Of(PrototypeLibrary.Get(name), 9.9, Settings.CellAtoms))];
        foreach (IdealStructure structure in structures)
            structure.Measure(Settings.Cutoff);
        return structures;
    }

    public static TrainingRun Create(WorkerPool pool, TrainingSettings? settings = null, TrainingState? state = null)
    {
        IdealStructure[] structures = Structures();
        settings ??= Settings;
        return new(settings, settings.CreateConfig(structures, []), structures, pool, state);
    }

    public static float[] Weights(NequipModel model) => [.. model.Parameters.SelectMany(parameter => parameter.Values)];
}
