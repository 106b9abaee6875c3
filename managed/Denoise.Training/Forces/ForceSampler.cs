using Denoise.Training.Batches;
using Denoise.Training.Sampling;

namespace Denoise.Training.Forces;

/// <summary>Makes a sample of a structure with forces.</summary>
internal static class ForceSampler
{
    /// <summary>Fills box, positions and species; targets are 0.</summary>
    public static void Place(ForceFrame frame, TrainingCell cell)
    {
        cell.Resize(frame.Count);
        cell.Box = frame.Box;
        frame.Positions.CopyTo(cell.Positions.Span);
        frame.Species.CopyTo(cell.Species.Span);
        cell.Classes.Span.Fill(TrainingCell.Unlabelled);
        cell.Targets.Clear();
    }

    /// <summary>One sample as the settings have it. Edges are still to be found.</summary>
    public static void Draw(ForceFrame frame, ForceData data, ForceSettings settings, ref RandomStream random, TrainingCell cell)
    {
        Place(frame, cell);
        ForceLabels labels = cell.Labels!;
        labels.Counts.Add(frame.Count);
        if (settings.Task == ForceTask.Minima)
        {
            labels.Energies.Add(double.NaN);
            for (int k = 0; k < 3 * frame.Count; k++)
                cell.Targets[k] = (float)frame.Displacements![k];
            // Asks for no number where the answer is the same for all.
            if (settings.Told >= 1 || (settings.Told > 0 && random.Uniform() < settings.Told))
                frame.Forces.CopyTo(labels.Told.Span);
            return;
        }

        labels.Energies.Add(frame.Energy is null || data.EnergyScale == 0 ? double.NaN : data.PerAtom(frame) / data.EnergyScale);
        for (int k = 0; k < 3 * frame.Count; k++)
            labels.Forces[k] = (float)(frame.Forces![k] / data.ForceScale);
        if (settings.Denoising is { } dens && random.Uniform() < dens.Probability)
            Corrupt(frame, dens, ref random, cell);
    }

    /// <summary>Moves a part of the atoms, tells their forces, and asks for the noise.</summary>
    private static void Corrupt(ForceFrame frame, DenoisingTask dens, ref RandomStream random, TrainingCell cell)
    {
        ForceLabels labels = cell.Labels!;
        for (int atom = 0; atom < frame.Count; atom++)
        {
            if (random.Uniform() >= dens.Part)
                continue;
            labels.IsMoved[atom] = 1;
            for (int k = 3 * atom; k < 3 * atom + 3; k++)
            {
                double noise = random.Normal();
                cell.Positions[k] += dens.Noise * noise;
                (cell.Targets[k], labels.Told[k]) = ((float)noise, frame.Forces![k]);
            }
        }
    }
}
