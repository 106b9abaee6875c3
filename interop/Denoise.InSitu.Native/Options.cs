using System.Runtime.InteropServices;

namespace Denoise.InSitu.Native;

/// <summary><c>dn_session_options</c> as <see cref="SessionOptions"/>: zero means default.</summary>
internal static unsafe class Options
{
    public static SessionOptions Read(in DnSessionOptions options)
    {
        if (options.SpeciesCount < 0)
            throw Wrong($"species_count: is {options.SpeciesCount}.");
        if (options.SpeciesCount > 0 && options.Species == null && options.Elements == null)
            throw Wrong($"species: is NULL although species_count is {options.SpeciesCount}.");
        if (options.MemoryLimit < 0)
            throw Wrong($"memory_limit: is {options.MemoryLimit}; it is a number of bytes, or 0: what the machine has.");
        return new SessionOptions
        {
            ModelPath = Text(options.ModelPath),
            MaxIterations = options.MaxIterations == 0 ? SessionOptions.DefaultMaxIterations : options.MaxIterations,
            Threads = options.Threads == 0 ? 1 : options.Threads,
            Tolerance = options.Tolerance == 0 ? SessionOptions.DefaultTolerance : options.Tolerance,
            Scale = options.Scale,
            Classification = (Classification)options.Classify,
            Species = options.Species == null ? null : new ReadOnlySpan<int>(options.Species, options.SpeciesCount).ToArray(),
            Elements = options.Elements == null ? null : Symbols(options.Elements, options.SpeciesCount),
            CnaCutoff = options.CnaCutoff,
            LengthUnit = options.LengthUnit == 0 ? 1 : options.LengthUnit,
            MemoryLimit = options.MemoryLimit,
        };
    }

    private static string[] Symbols(byte** elements, int count)
    {
        string[] symbols = new string[count];
        for (int t = 0; t < count; t++)
            symbols[t] = Text(elements[t]) ?? throw Wrong($"elements[{t}]: is NULL; to leave a type out write \"NULL\".");
        return symbols;
    }

    private static string? Text(byte* text) => Marshal.PtrToStringUTF8((nint)text);

    private static SessionException Wrong(string what) => new(SessionError.Argument, "options: " + what);
}
