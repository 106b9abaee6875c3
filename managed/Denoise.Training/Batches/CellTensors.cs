using Denoise.Atoms;
using Denoise.Networks.Models;

namespace Denoise.Training.Batches;

/// <summary>
/// Training cells in a checkpoint: of cell k the tensors <c>cell.k.box</c> [4, 3], origin and edges, and <c>cell.k.atoms</c>
/// [Count, 7], species, position and target; Å; where atoms have classes, <c>cell.k.classes</c>
/// [Count]. Exact for cells that have been iterated.
/// </summary>
internal static class CellTensors
{
    private const int Columns = 7;

    public static IEnumerable<Tensor> Of(TrainingCell cell, int index)
    {
        Box box = cell.Box;
        Vec3[] corners = [box.Origin, box.A, box.B, box.C];
        yield return new(BoxName(index), [4, 3], [.. corners.SelectMany(v => new[] { (float)v.X, (float)v.Y, (float)v.Z })]);

        float[] values = new float[Columns * cell.Count];
        for (int i = 0; i < cell.Count; i++)
        {
            Span<float> row = values.AsSpan(Columns * i, Columns);
            row[0] = cell.Species[i];
            for (int k = 0; k < 3; k++)
                (row[1 + k], row[4 + k]) = ((float)cell.Positions[3 * i + k], cell.Targets[3 * i + k]);
        }

        yield return new(AtomsName(index), [cell.Count, Columns], values);
        if (!cell.Classes.Span.ContainsAnyExcept(TrainingCell.Unlabelled))
            yield break;
        yield return new(ClassesName(index), [cell.Count], [.. cell.Classes.Span.ToArray().Select(one => (float)one)]);
    }

    /// <summary>Fills a cell. Its edges are still to be found.</summary>
    /// <exception cref="InputException">the cell is not there or misshapen</exception>
    public static void Read(StateDict tensors, int index, TrainingCell cell)
    {
        float[] box = tensors.Get(BoxName(index), 12).Values;
        if (!tensors.TryGet(AtomsName(index), out Tensor? atoms) || atoms.Shape is not [_, Columns])
            throw new InputException($"{tensors.Source}: holds no atoms '{AtomsName(index)}'; the file is damaged.");

        Vec3 Corner(int k) => new(box[3 * k], box[3 * k + 1], box[3 * k + 2]);
        cell.Resize(atoms.Shape[0]);
        cell.Box = cell.Box with { Origin = Corner(0), A = Corner(1), B = Corner(2), C = Corner(3) };
        for (int i = 0; i < cell.Count; i++)
        {
            ReadOnlySpan<float> row = atoms.Values.AsSpan(Columns * i, Columns);
            cell.Species[i] = (int)row[0];
            for (int k = 0; k < 3; k++)
                (cell.Positions[3 * i + k], cell.Targets[3 * i + k]) = (row[1 + k], row[4 + k]);
        }

        cell.Classes.Span.Fill(TrainingCell.Unlabelled);
        if (tensors.TryGet(ClassesName(index), out Tensor? classes) && classes.Values.Length == cell.Count)
            for (int i = 0; i < cell.Count; i++)
                cell.Classes[i] = (int)classes.Values[i];
    }

    private static string BoxName(int index) => $"cell.{index}.box";

    private static string ClassesName(int index) => $"cell.{index}.classes";

    private static string AtomsName(int index) => $"cell.{index}.atoms";
}
