using System.Runtime.InteropServices;

namespace Denoise.InSitu.Native;

/// <summary>Texts that are lent to a C host.</summary>
internal sealed unsafe class NativeTexts : IDisposable
{
    private readonly Dictionary<string, nint> _texts = new(StringComparer.Ordinal);

    /// <summary>UTF-8, with a zero at the end; the same for the same text, until disposed.</summary>
    public byte* Of(string text)
    {
        if (!_texts.TryGetValue(text, out nint pointer))
            _texts.Add(text, pointer = Marshal.StringToCoTaskMemUTF8(text));
        return (byte*)pointer;
    }

    public void Dispose()
    {
        foreach (nint pointer in _texts.Values)
            Marshal.FreeCoTaskMem(pointer);
        _texts.Clear();
    }
}
