using System.Runtime.InteropServices;
using Denoise.Devices;

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
        if (options.AnalysisCount < 0 || (options.AnalysisCount > 0 && options.Analyses == null))
            throw Wrong($"analyses: NULL, or analysis_count is {options.AnalysisCount}.");
        if (!EngineText.TryParse(Text(options.Engine), out EngineKind engine, out string device))
            throw Wrong($"engine: '{Text(options.Engine)}' is unknown; engines are {EngineText.Expected}.");
        if (!DeviceChoice.TryParse(Text(options.Device), out DeviceChoice choice))
            throw Wrong($"device: '{Text(options.Device)}' is unknown; devices are {DeviceChoice.Expected}.");
        if (options.PlaceOnNode < 0)
            throw Wrong($"place_on_node: is {options.PlaceOnNode}; places are counted from 1.");
        return new SessionOptions
        {
            Device = choice,
            PlaceOnNode = options.PlaceOnNode == 0 ? null : options.PlaceOnNode - 1,
            Engine = engine,
            TorchDevice = device,
            ModelPath = Text(options.ModelPath),
            MaxIterations = options.MaxIterations switch { 0 => SessionOptions.DefaultMaxIterations, -1 => 0, var given => given },
            Threads = options.Threads == 0 ? 1 : options.Threads,
            Tolerance = options.Tolerance,
            Scale = options.Scale,
            Classification = (Classification)options.Classify,
            Species = options.Species == null ? null : new ReadOnlySpan<int>(options.Species, options.SpeciesCount).ToArray(),
            Elements = options.Elements == null ? null : Texts(options.Elements, options.SpeciesCount, "elements", "NULL; to leave a type out write \"NULL\""),
            CnaCutoff = options.CnaCutoff,
            LengthUnit = options.LengthUnit == 0 ? 1 : options.LengthUnit,
            MemoryLimit = options.MemoryLimit,
            Analyses = Texts(options.Analyses, options.AnalysisCount, "analyses", "NULL"),
        };
    }

    private static string[] Texts(byte** texts, int count, string name, string problem)
    {
        string[] read = new string[count];
        for (int t = 0; t < count; t++)
            read[t] = Text(texts[t]) ?? throw Wrong($"{name}[{t}]: is {problem}.");
        return read;
    }

    private static string? Text(byte* text) => Marshal.PtrToStringUTF8((nint)text);

    private static SessionException Wrong(string what) => new(SessionError.Argument, "options: " + what);
}
