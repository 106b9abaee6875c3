using System.Text.Json;
using Denoise.Atoms;
using Denoise.TestSupport;

namespace Denoise.Structure.Tests;

/// <summary>Configurations of <c>../shared/reference/ovito</c> with what OVITO and freud found on them.</summary>
internal sealed class PublishedLabels : IDisposable
{
    private readonly JsonDocument _file;

    private PublishedLabels(string path)
    {
        _file = JsonDocument.Parse(File.ReadAllText(path));
        Vec3[] rows = Vectors("box");
        bool[] periodic = [.. Values("boundary").Select(value => value != 0)];
        string name = Path.GetFileNameWithoutExtension(path);
        Lattice = new(name, new(rows[0], rows[1], rows[2], default, periodic[0], periodic[1], periodic[2]), Vectors("pos"));
    }

    public Lattice Lattice { get; }

    /// <summary>All that have a property.</summary>
    public static IEnumerable<PublishedLabels> All(string property)
    {
        foreach (string path in Directory.GetFiles(SharedReference.Path("ovito"), "*.json").Order(StringComparer.Ordinal))
        {
            using JsonDocument file = JsonDocument.Parse(File.ReadAllText(path));
            if (file.RootElement.TryGetProperty("pos", out _) && file.RootElement.TryGetProperty(property, out _))
                yield return new(path);
        }
    }

    public double[] Values(string property) => [.. _file.RootElement.GetProperty(property).EnumerateArray().Select(e => e.GetDouble())];

    public int[] Labels(string property) => [.. Values(property).Select(value => (int)value)];

    public double Number(string property) => _file.RootElement.GetProperty(property).GetDouble();

    public void Dispose() => _file.Dispose();

    private Vec3[] Vectors(string property) => [.. _file.RootElement.GetProperty(property).EnumerateArray().Select(
        e => new Vec3(e[0].GetDouble(), e[1].GetDouble(), e[2].GetDouble()))];
}
