namespace Denoise.Fuzz.Targets;

/// <summary>No crash, but an outcome that cannot be right.</summary>
internal sealed class BrokenPromise(string what) : Exception(what)
{
    public static void Unless(bool holds, string what)
    {
        if (!holds)
            throw new BrokenPromise(what);
    }
}
