using Denoise.Networks.Tests.Support;
using Denoise.Training.Batches;

namespace Denoise.Training.Tests.Fused;

internal static class TestBatch
{
    /// <summary>0 to 3, and every fifth atom has none.</summary>
    public static int Class(int atom) => atom % 5 - 1;

    /// <summary>A cell to learn from, with its edges.</summary>
    public static TrainingCell Cell(AtomicSystem system, double[] targets, double cutoff)
    {
        var cell = new TrainingCell();
        cell.Resize(system.Count);
        cell.Box = system.Box;
        for (int i = 0; i < system.Count; i++)
        {
            for (int axis = 0; axis < 3; axis++)
            {
                cell.Positions[3 * i + axis] = system.Positions[i][axis];
                cell.Targets[3 * i + axis] = (float)targets[3 * i + axis];
            }

            cell.Species[i] = system.Species[i];
            cell.Classes[i] = Class(i);
        }

        using var finder = new EdgeFinder();
        finder.Find(cell, cutoff);
        return cell;
    }

    public static TrainingBatch Of(double cutoff, params (AtomicSystem System, double[] Targets)[] cells)
    {
        TrainingCell[] all = [.. cells.Select(cell => Cell(cell.System, cell.Targets, cutoff))];
        var batch = new TrainingBatch();
        batch.Assemble(all);
        foreach (TrainingCell cell in all)
            cell.Dispose();
        return batch;
    }
}
