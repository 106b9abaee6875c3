using Denoise.Atoms;
using Denoise.Networks.Equivariance;

namespace Denoise.Networks.Models;

/// <summary>What a network says of every atom under one name: one block of its output.</summary>
/// <param name="Name"><see cref="Displacement"/>, <see cref="Logits"/>, <see cref="Energy"/>, <see cref="Forces"/>, or "output2" where it
/// is neither said nor clear</param>
/// <param name="Block">multiplicity, irrep and first component in the network's output</param>
/// <param name="Classes">of logits: what each of them stands for; empty where the checkpoint names none</param>
public sealed record Head(string Name, IrrepBlock Block, IReadOnlyList<string> Classes)
{
    /// <summary>Vector from the ideal site to the atom, model Å: what a denoiser subtracts.</summary>
    public const string Displacement = "displacement";

    /// <summary>One scalar per class; the largest names the atom, and their log-sum-exp is a log-density.</summary>
    public const string Logits = "logits";

    /// <summary>One scalar, eV: the atom's share of the energy; a structure's is the sum over its atoms.</summary>
    public const string Energy = "energy";

    /// <summary>A polar vector, eV/Å, read off the features of the atom: no gradient of <see cref="Energy"/>.</summary>
    public const string Forces = "forces";

    private const int LongestClassName = 32;

    /// <summary>Numbers per atom.</summary>
    public int Dimension => Block.Dimension;

    public string Irreps => Block.ToString();

    /// <summary>Of each number; empty: it has none.</summary>
    public string Unit => Name switch
    {
        Displacement => "Å",
        Energy => "eV",
        Forces => "eV/Å",
        _ => "",
    };

    /// <summary>
    /// The heads of an output, one per block: by the names that the configuration gives, or by their irreps: a vector is a
    /// displacement, and scalars are logits. Energy and forces are never guessed: their irreps are those of the others.
    /// </summary>
    /// <param name="config">of the network</param>
    /// <param name="output">its output irreps</param>
    /// <param name="origin">for messages</param>
    /// <exception cref="InputException">names or classes do not fit the output</exception>
    internal static IReadOnlyList<Head> Of(NequipConfig config, Irreps output, string origin)
    {
        InputException Wrong(string what) => new($"{origin}: {what}.");
        if (config.Heads.Count > 0 && config.Heads.Count != output.Count)
            throw Wrong($"{config.Heads.Count} heads are named, but the output '{output}' has {output.Count} blocks; each is one head");
        string[] names = config.Heads.Count > 0 ? [.. config.Heads] : Guessed(output);
        if (names.Distinct().Count() < names.Length)
            throw Wrong($"two heads have one name among '{string.Join(", ", names)}'");
        foreach ((string name, IrrepBlock block) in names.Zip(output))
            if (config.Heads.Count > 0 && !Fits(name, block))
                throw Wrong(name is Displacement or Logits or Energy or Forces
                    ? $"the head '{name}' cannot be '{block}': a displacement is one vector (1x1o or 1x1e), logits are scalars (0e), " +
                        "an energy is one scalar (1x0e), forces are one polar vector (1x1o)"
                    : $"the head '{name}' is not known; heads are {Displacement}, {Logits}, {Energy} and {Forces}");

        CheckClasses(config.Classes, Array.IndexOf(names, Logits) is int at and >= 0 ? output[at].Multiplicity : null, Wrong);
        return [.. names.Zip(output, (name, block) => new Head(name, block, name == Logits ? config.Classes : []))];
    }

    /// <summary>Where a head is among others; -1: none has that name.</summary>
    public static int IndexOf(IReadOnlyList<Head> heads, string name)
    {
        for (int h = 0; h < heads.Count; h++)
            if (heads[h].Name == name)
                return h;
        return -1;
    }

    /// <summary>Displacement and logits of a network whose logits are a log-density: what its gradient gives.</summary>
    public static IReadOnlyList<Head> OfScore(NequipModel model) =>
        [new(Displacement, Equivariance.Irreps.Parse("1x1o")[0], []), model.Heads[model.IndexOfHead(Logits)]];

    /// <param name="classes">names</param>
    /// <param name="logits">how many logits there are; null: none</param>
    /// <param name="wrong">makes the exception of a sentence</param>
    internal static void CheckClasses(IReadOnlyList<string> classes, int? logits, Func<string, InputException> wrong)
    {
        if (classes.Count == 0)
            return;
        if (logits is null)
            throw wrong("classes are named, but the network has no logits");
        if (classes.Count != logits)
            throw wrong($"{classes.Count} classes are named, but the network has {logits} logits");
        foreach (string name in classes)
            if (name.Length is 0 or > LongestClassName || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '+'))
                throw wrong($"'{name}' is no name of a class: up to {LongestClassName} letters, digits, '_', '-' and '+'");
        if (classes.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw wrong($"two classes are named '{twice.Key}'");
    }

    private static string[] Guessed(Irreps output)
    {
        string[] names = new string[output.Count];
        for (int k = 0; k < names.Length; k++)
            names[k] = new[] { Displacement, Logits }.FirstOrDefault(name => Fits(name, output[k]) && !names.Contains(name))
                ?? $"output{k + 1}";
        return names;
    }

    private static bool Fits(string name, IrrepBlock block) => name switch
    {
        Displacement => block is { L: 1, Multiplicity: 1 },
        Logits => block.Irrep == Irrep.Scalar,
        Energy => block is { Multiplicity: 1 } && block.Irrep == Irrep.Scalar,
        Forces => block is { L: 1, Multiplicity: 1, Irrep.Parity: -1 },
        _ => false,
    };
}
