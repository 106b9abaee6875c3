namespace Denoise.Fuzz.Mutation;

/// <summary>Makes new inputs out of others, knowing their format.</summary>
internal interface IMutator
{
    /// <summary>Changes the draft in one way or a few.</summary>
    /// <param name="draft">holds a copy of an input</param>
    /// <param name="other">another input, to take pieces from</param>
    /// <param name="random">decides everything</param>
    void Mutate(Draft draft, byte[] other, Random random);
}
