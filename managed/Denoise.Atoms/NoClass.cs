namespace Denoise.Atoms;

/// <summary>The class of atoms that are in no crystal that a network knows: melts, surfaces, gas.</summary>
public static class NoClass
{
    public const string Name = "none";
}
