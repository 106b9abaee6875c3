using Denoise.InSitu.Native;

namespace Denoise.Fuzz.Targets;

/// <summary>Options of a session out of <see cref="Choices"/>, most of them as they should be.</summary>
internal static unsafe class HostileOptions
{
    private static readonly string[] Symbols = ["Cu", "Si", "NULL", "X", "", "cu", "Cu ", "\u00e9", "unobtainium"];

    /// <param name="choices">what decides</param>
    /// <param name="memory">for arrays and texts</param>
    /// <param name="models">paths that may be given as a model</param>
    public static DnSessionOptions Make(ref Choices choices, FencedMemory memory, string[] models)
    {
        DnSessionOptions options = new()
        {
            StructSize = (nuint)choices.OrEdge(sizeof(DnSessionOptions), 64),
            // As many as are asked for are done; thousands take their time.
            MaxIterations = choices.Seldom(32) ? choices.Below(4) - 2 : 1,
            // A thread that is asked for is made; a thousand are slow and prove nothing.
            Threads = choices.Seldom(16) ? choices.Below(4) - 1 : 0,
            Tolerance = choices.OrEdge(0.0, 16),
            Scale = choices.Below(3) == 2 ? choices.OrEdge(1.0, 4) : 0,
            Classify = choices.Seldom(64) ? choices.EdgeInteger() : choices.Below(3),
            CnaCutoff = choices.OrEdge(3.0, 8),
            LengthUnit = choices.OrEdge(0.0, 16),
            MemoryLimit = choices.Seldom(64) ? choices.EdgeInteger() : Running.Limits.SessionBytes,
        };
        if (choices.Below(2) == 1)
            options.ModelPath = memory.PlaceText(models[choices.Seldom(32) ? choices.Below(models.Length) : 0]);
        if (choices.Seldom(8))
        {
            options.SpeciesCount = choices.Below(4);
            options.Species = memory.Place<int>(options.SpeciesCount);
            for (int t = 0; t < options.SpeciesCount; t++)
                options.Species[t] = choices.OrEdge(choices.Below(3) - 1, 8);
        }
        else if (choices.Seldom(8))
        {
            options.SpeciesCount = choices.Below(4);
            options.Elements = (byte**)memory.Place<nint>(options.SpeciesCount);
            for (int t = 0; t < options.SpeciesCount; t++)
                options.Elements[t] = choices.Seldom(16) ? null : memory.PlaceText(Symbols[choices.Below(Symbols.Length)]);
        }

        if (choices.Seldom(64))
        {
            options.SpeciesCount = choices.EdgeInteger();
            options.Species = null;
            options.Elements = null;
        }

        HostileAnalyses.Add(ref choices, memory, ref options);
        return options;
    }
}
