using System.Globalization;

namespace Denoise.InSitu;

/// <summary>What a user writes for an engine: see <see cref="Expected"/>.</summary>
public static class EngineText
{
    public const string Processor = "cpu";

    public const string Expected = "auto, reference, torch, torch:cuda or torch:cuda:N";

    private const string Cuda = "cuda";
    private const string TorchPrefix = "torch:";
    private const int MostDevices = 128;

    /// <param name="text">null or empty: auto</param>
    /// <param name="kind">which engine</param>
    /// <param name="device">of libtorch</param>
    public static bool TryParse(string? text, out EngineKind kind, out string device)
    {
        (kind, device) = (EngineKind.Simd, Processor);
        if (string.IsNullOrEmpty(text) || text == "auto")
            return true;
        if (text == "reference")
        {
            kind = EngineKind.Reference;
            return true;
        }

        kind = EngineKind.Torch;
        if (text == "torch")
            return true;
        if (!text.StartsWith(TorchPrefix, StringComparison.Ordinal))
            return false;
        device = text[TorchPrefix.Length..];
        return device is Processor or Cuda || (device.StartsWith(Cuda + ":", StringComparison.Ordinal)
            && device[(Cuda.Length + 1)..] is { Length: > 0 and <= 3 } number && number.All(char.IsAsciiDigit)
            && int.Parse(number, CultureInfo.InvariantCulture) < MostDevices);
    }

    public static string Of(EngineKind kind) => kind switch
    {
        EngineKind.Simd => "auto",
        EngineKind.Reference => "reference",
        _ => "torch",
    };
}
