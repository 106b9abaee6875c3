using Denoise.Fuzz.Mutation;

namespace Denoise.Fuzz.Targets;

/// <summary>
/// Something that takes bytes from strangers. An execution may end well or with an <see cref="Denoise.Atoms.InputException"/>;
/// anything else is a finding. Lives as long as its worker; nothing of an execution may change the next one.
/// </summary>
internal abstract class Target
{
    /// <summary>Also the folder of its seeds.</summary>
    public abstract string Name { get; }

    public abstract IMutator Mutator { get; }

    /// <exception cref="Denoise.Atoms.InputException">what a user would be told</exception>
    /// <exception cref="BrokenPromise">the input was taken, and the outcome is not what is promised</exception>
    public abstract void Execute(ReadOnlySpan<byte> input);
}
