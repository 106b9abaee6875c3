using Denoise.Atoms;
using Denoise.Cli.Analysis;
using Denoise.Cli.CommandLine;
using Denoise.Cli.Input;
using Denoise.Training.Forces;
using Denoise.Trajectories;

namespace Denoise.Cli.Training;

/// <summary>
/// Structures with energies and forces from files, as ASE writes them into extended XYZ: <c>energy</c> in the comment line, eV, the property
/// <c>forces</c> (or <c>force</c>), eV/Å, and, of a structure whose nearest minimum is known, its positions as <c>minimum</c>, Å. What else
/// there is, stress among it, is passed over.
/// </summary>
internal static class ForceSource
{
    private static readonly string[] MinimumNames = ["minimum[1]", "minimum[2]", "minimum[3]"];

    /// <summary>All frames of all files.</summary>
    /// <param name="patterns">names of files, or patterns</param>
    /// <param name="needsMinimum">whether minima are asked for, not forces</param>
    /// <param name="needsForces">whether a frame without forces is refused</param>
    /// <param name="elements">symbols of the species in order; null: those that occur, added to by this call</param>
    /// <exception cref="InputException">a file cannot be read, or lacks what is needed</exception>
    public static List<ForceFrame> Load(IEnumerable<string> patterns, bool needsMinimum, bool needsForces, ref IReadOnlyList<string>? elements)
    {
        List<(string Origin, string[] Symbols, ForceFrame Frame)> found = [];
        using Frame frame = new();
        foreach (string path in InputFiles.Expand([.. patterns]))
        {
            using TrajectoryReader reader = TrajectoryReader.Open(path);
            int before = found.Count;
            while (reader.Read(frame))
            {
                string origin = $"{path}, frame {reader.FramesRead}";
                found.Add((origin, Symbols(frame, origin), Read(frame, origin, needsMinimum, needsForces)));
            }

            foreach (string warning in reader.Warnings)
                DenoiseCommand.Warn(warning);
            if (found.Count == before)
                throw new InputException($"{path}: holds no structure.");
        }

        string[] occurring = [.. found.SelectMany(entry => entry.Symbols).Distinct(StringComparer.Ordinal)
            .OrderBy(ElementTable.AtomicNumber).ThenBy(name => name, StringComparer.Ordinal)];
        IReadOnlyList<string> known = elements ??= occurring;
        foreach ((string origin, string[] symbols, ForceFrame structure) in found)
            for (int i = 0; i < symbols.Length; i++)
                structure.Species[i] = known.Count <= 1 && occurring.Length <= 1 ? 0 : Place(known, symbols[i], origin);
        return [.. found.Select(entry => entry.Frame)];
    }

    private static int Place(IReadOnlyList<string> known, string symbol, string origin)
    {
        for (int k = 0; k < known.Count; k++)
            if (known[k] == symbol)
                return k;
        throw new InputException($"{origin}: holds {Quote.Of(symbol)}, and the network knows " +
            $"{(known.Count == 0 ? "one species" : string.Join(", ", known))} only; leave the frame out, or train with it.");
    }

    private static string[] Symbols(Frame frame, string origin)
    {
        string[] symbols = new string[frame.Count];
        for (int i = 0; i < symbols.Length; i++)
            symbols[i] = frame.ElementOf(frame.Types[i]) ?? throw new InputException(
                $"{origin}: does not say which element its atom type {frame.Types[i]} is; write extended XYZ with the property species.");
        return symbols;
    }

    private static ForceFrame Read(Frame frame, string origin, bool needsMinimum, bool needsForces)
    {
        if (frame.Units is not (null or "metal"))
            throw new InputException($"{origin}: is in units '{frame.Units}', and energies and forces are read in eV and Å; convert it.");
        double[]? forces = FrameForces.Columns(frame) is { } columns ? Vectors(frame, columns, origin) : null;
        if (forces is null && needsForces)
            throw new InputException($"{origin}: has no forces; give them as ASE does, in the property forces of extended XYZ, eV/Å.");
        double[]? minimum = MinimumNames.Select(frame.FindColumn).OfType<FrameColumn>().ToArray() is { Length: 3 } places
            ? Vectors(frame, places, origin)
            : null;
        if (minimum is null && needsMinimum)
            throw new InputException($"{origin}: has no minimum; give the positions of the structure's nearest minimum in the property " +
                "minimum of extended XYZ, Å.");
        return new()
        {
            Origin = origin,
            Box = frame.Box,
            Positions = frame.Positions.Span.ToArray(),
            Species = new int[frame.Count],
            Forces = forces,
            Energy = frame.Energy,
            Displacements = minimum is null ? null : Displacements(frame, minimum),
        };
    }

    /// <summary>From where the atoms are in the minimum, along the shortest of the ways across boundaries.</summary>
    private static double[] Displacements(Frame frame, double[] minimum)
    {
        double[] result = new double[minimum.Length];
        Box box = frame.Box;
        for (int k = 0; k < result.Length; k += 3)
        {
            Vec3 d = new(frame.Positions[k] - minimum[k], frame.Positions[k + 1] - minimum[k + 1], frame.Positions[k + 2] - minimum[k + 2]);
            Vec3 f = box.ToFractional(d + box.Origin);
            d = box.ToCartesian(new(box.PeriodicA ? f.X - Math.Round(f.X) : f.X, box.PeriodicB ? f.Y - Math.Round(f.Y) : f.Y,
                box.PeriodicC ? f.Z - Math.Round(f.Z) : f.Z)) - box.Origin;
            (result[k], result[k + 1], result[k + 2]) = (d.X, d.Y, d.Z);
        }

        return result;
    }

    private static double[] Vectors(Frame frame, FrameColumn[] columns, string origin)
    {
        double[] values = new double[3 * frame.Count];
        for (int k = 0; k < values.Length; k++)
        {
            FrameColumn column = columns[k % 3];
            double value = column.Kind == ColumnKind.Text ? double.NaN : column.RealAt(k / 3);
            values[k] = double.IsFinite(value) ? value : throw new InputException(
                $"{origin}: {column.Name} of atom {k / 3 + 1} is not a number; leave the frame out.");
        }

        return values;
    }
}
