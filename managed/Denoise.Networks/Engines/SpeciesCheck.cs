using Denoise.Atoms;
using Denoise.Networks.Models;

namespace Denoise.Networks.Engines;

/// <summary>Species index the tables of a network: a wrong one must not reach them.</summary>
internal static unsafe class SpeciesCheck
{
    /// <param name="model">that is evaluated</param>
    /// <param name="species">[count], from 0</param>
    /// <param name="count">atoms, ghosts included</param>
    /// <exception cref="InputException">a species that the model does not know</exception>
    public static void Require(IModel model, int* species, int count)
    {
        for (int i = 0; i < count; i++)
            if ((uint)species[i] >= (uint)model.SpeciesCount)
                throw new InputException($"Atom {i} has species {species[i]}, but the model {model.Origin} knows {model.SpeciesCount} " +
                    "species (counted from 0): map every atom type to one of them.");
    }
}
