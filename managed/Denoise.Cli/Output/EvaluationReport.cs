using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Denoise.Networks.Models;
using Denoise.Training.Forces;

namespace Denoise.Cli.Output;

/// <summary>What <c>denoise evaluate</c> found, as text and as JSON.</summary>
/// <param name="path">of the model</param>
/// <param name="model">the network</param>
/// <param name="frames">what it was compared with</param>
/// <param name="errors">what came out</param>
internal sealed class EvaluationReport(string path, NequipModel model, IReadOnlyList<ForceFrame> frames, ForceErrors errors)
{
    private int Atoms => frames.Sum(frame => frame.Count);

    /// <summary>Without line ends.</summary>
    public IEnumerable<string> Lines()
    {
        yield return Text($"{path}: {errors.Frames:N0} structures, {Atoms:N0} atoms");
        if (errors.Energies > 0)
            yield return Text($"energy   MAE {1000 * errors.EnergyError:g4} meV/atom, RMSE {1000 * errors.EnergyRms:g4} meV/atom ") +
                Text($"({errors.Energies:N0} structures)");
        if (errors.Forces.Count > 0)
        {
            yield return Line("forces", errors.Forces);
            if (errors.BySpecies.Count > 1)
                foreach ((int species, VectorErrors part) in errors.BySpecies)
                    yield return Line($"  {Symbol(species)}", part);
        }

        double[] distances = errors.Distances;
        for (int k = 0; k < distances.Length; k++)
            yield return Text($"{(k == 0 ? "rms distance to the minimum" : $"after {k} iteration{(k == 1 ? "" : "s")}"),-28} {distances[k]:F4} Å");
    }

    /// <summary>
    /// One object: model, structures, atoms; energy (mae, rmse in eV per atom); forces (mae, rmse, magnitude in eV/Å, cosine) with those by
    /// species; distances (Å, as they are and after each iteration). What is not known is left out.
    /// </summary>
    public string ToJson()
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("model", path);
            writer.WriteNumber("structures", errors.Frames);
            writer.WriteNumber("atoms", Atoms);
            if (errors.Energies > 0)
            {
                writer.WriteStartObject("energy");
                writer.WriteNumber("structures", errors.Energies);
                writer.WriteNumber("mae", errors.EnergyError);
                writer.WriteNumber("rmse", errors.EnergyRms);
                writer.WriteEndObject();
            }

            if (errors.Forces.Count > 0)
            {
                writer.WriteStartObject("forces");
                Write(writer, errors.Forces);
                writer.WriteStartObject("species");
                foreach ((int species, VectorErrors part) in errors.BySpecies)
                {
                    writer.WriteStartObject(Symbol(species));
                    Write(writer, part);
                    writer.WriteEndObject();
                }

                writer.WriteEndObject();
                writer.WriteEndObject();
            }

            if (errors.Distances.Length > 0)
            {
                writer.WriteStartArray("distances");
                foreach (double distance in errors.Distances)
                    writer.WriteNumberValue(distance);
                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, VectorErrors part)
    {
        writer.WriteNumber("atoms", part.Count);
        writer.WriteNumber("mae", part.MeanAbsolute);
        writer.WriteNumber("rmse", part.Rms);
        writer.WriteNumber("magnitude", part.Magnitude);
        if (double.IsFinite(part.Cosine))
            writer.WriteNumber("cosine", part.Cosine);
    }

    private static string Line(string name, VectorErrors part) =>
        Text($"{name,-8} MAE {part.MeanAbsolute:g4} eV/Å of {part.Magnitude:g4}, RMSE {part.Rms:g4} eV/Å, cosine {part.Cosine:F4} ") +
        Text($"({part.Count:N0} atoms)");

    private string Symbol(int species) => model.Config.Species.Count > 0 ? model.Config.Species[species] : "any";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
