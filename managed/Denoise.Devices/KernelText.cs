namespace Denoise.Devices;

/// <summary>The kernels' texts, compiled from Denoise.Kernels when the project was built.</summary>
internal static class KernelText
{
    /// <summary>Every kernel's entry; each has a module of its own.</summary>
    public const string Entry = "Kernel_Run";

    /// <param name="name">of the kernel and its form: <c>edges.ptx</c>, <c>edges.cl</c></param>
    public static byte[] Get(string name)
    {
        using Stream stream = typeof(KernelText).Assembly.GetManifestResourceStream(name)
            ?? throw new ArgumentException($"there is no kernel {name}", nameof(name));
        byte[] text = new byte[stream.Length + 1];
        stream.ReadExactly(text.AsSpan(0, text.Length - 1));
        return text;
    }

    /// <summary>Names of all kernels.</summary>
    public static IEnumerable<string> Names => typeof(KernelText).Assembly.GetManifestResourceNames()
        .Where(name => name.EndsWith(".ptx", StringComparison.Ordinal)).Select(name => name[..^4]).Order(StringComparer.Ordinal);
}
