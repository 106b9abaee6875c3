namespace Denoise.InSitu.Native;

/// <summary>What C hosts know by a handle.</summary>
internal interface IHandled : IDisposable
{
    /// <summary>What messages, and parameters, call it.</summary>
    static abstract string Noun { get; }
}
