using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.Json;
using Denoise.Atoms;

namespace Denoise.Cli.Report;

/// <summary>One way to see the atoms of a frame: where they are, and what they are named there.</summary>
/// <param name="Title">above it</param>
/// <param name="Positions">[atoms, 3] in 65535ths of the scene's range</param>
/// <param name="Structures">[atoms] places in the report's <see cref="StructureList"/></param>
internal sealed record ScenePane(string Title, ushort[] Positions, ushort[] Structures);

/// <summary>Atoms of a frame as the page draws them.</summary>
internal sealed record Scene
{
    public required string Name { get; init; }

    public required long Step { get; init; }

    /// <summary>Of the frame.</summary>
    public required int Atoms { get; init; }

    public required Vec3 Low { get; init; }

    /// <summary>From the lowest to the highest coordinate that can be; each above 0.</summary>
    public required Vec3 Range { get; init; }

    public required Box Box { get; init; }

    /// <summary>Of the spheres, in the file's unit of length.</summary>
    public required double Radius { get; init; }

    /// <summary>[shown]</summary>
    public required int[] Ids { get; init; }

    /// <summary>One, or before and after denoising.</summary>
    public required IReadOnlyList<ScenePane> Panes { get; init; }

    /// <summary>[shown] in 255ths of <see cref="LargestDisplacement"/>; null: not known.</summary>
    public byte[]? Displacements { get; init; }

    public double LargestDisplacement { get; init; }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("name", Path.GetFileName(Name));
        json.WriteNumber("step", Step);
        json.WriteNumber("atoms", Atoms);
        json.WriteNumber("shown", Ids.Length);
        Write(json, "low", Low);
        Write(json, "range", Range);
        Write(json, "origin", Box.Origin);
        json.WriteStartArray("cell");
        for (int axis = 0; axis < 3; axis++)
            WriteValues(json, Box[axis]);
        json.WriteEndArray();
        json.WriteNumber("radius", Radius);
        WriteBytes(json, "ids", MemoryMarshal.AsBytes<int>(Ids));
        json.WriteStartArray("panes");
        foreach (ScenePane pane in Panes)
        {
            json.WriteStartObject();
            json.WriteString("title", pane.Title);
            WriteBytes(json, "positions", MemoryMarshal.AsBytes<ushort>(pane.Positions));
            WriteBytes(json, "structures", MemoryMarshal.AsBytes<ushort>(pane.Structures));
            json.WriteEndObject();
            json.Flush();
        }

        json.WriteEndArray();
        if (Displacements is not null)
        {
            json.WriteNumber("largestDisplacement", LargestDisplacement);
            WriteBytes(json, "displacements", Displacements);
        }

        json.WriteEndObject();
        json.Flush();
    }

    private static void Write(Utf8JsonWriter json, string name, Vec3 vector)
    {
        json.WritePropertyName(name);
        WriteValues(json, vector);
    }

    private static void WriteValues(Utf8JsonWriter json, Vec3 vector)
    {
        json.WriteStartArray();
        for (int k = 0; k < 3; k++)
            json.WriteNumberValue(vector[k]);
        json.WriteEndArray();
    }

    private static void WriteBytes(Utf8JsonWriter json, string name, ReadOnlySpan<byte> bytes)
    {
        using MemoryStream packed = new();
        using (ZLibStream deflate = new(packed, CompressionLevel.Optimal, leaveOpen: true))
            deflate.Write(bytes);
        json.WriteBase64String(name, packed.GetBuffer().AsSpan(0, (int)packed.Length));
    }
}
