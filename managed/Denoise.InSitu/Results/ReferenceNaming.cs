using Denoise.Atoms;
using Denoise.Atoms.Threading;
using Denoise.InSitu.Frames;
using Denoise.Neighbors.Cells;
using Denoise.Structure.Soap;

namespace Denoise.InSitu.Results;

/// <summary>Names atoms by the nearest of the model's references.</summary>
internal sealed unsafe class ReferenceNaming : IDisposable
{
    private readonly ReferenceIdentifier _identifier;
    private readonly int[] _numbers;

    // By species of the model.
    private readonly int[] _densityOf;
    private readonly bool _hasSpecies;

    /// <param name="settings">with references</param>
    /// <param name="pool">threads, borrowed</param>
    /// <param name="grid">to sort atoms with, borrowed</param>
    /// <exception cref="SessionException">an element of the references is none of the model's</exception>
    public ReferenceNaming(SessionSettings settings, WorkerPool pool, CellGrid grid)
    {
        ReferenceSet set = settings.References!;
        IReadOnlyList<string> species = settings.Model!.Species;
        _hasSpecies = settings.Model.SpeciesCount > 1;
        foreach (string element in set.Elements)
            if (_hasSpecies && !species.Contains(element))
                throw new SessionException(SessionError.Format,
                    $"{settings.Model.Origin}: its references describe {element}, which is none of its species; make it anew.");
        _densityOf = _hasSpecies ? [.. species.Select(symbol => Enumerable.Range(0, set.Elements.Count)
            .FirstOrDefault(k => set.Elements[k] == symbol, ReferenceIdentifier.NotNamed))] : [0];
        _numbers = StructureTable.NumbersOf(set.Classes);
        _identifier = new(set, pool, grid);
    }

    /// <param name="particles">in Å</param>
    /// <param name="types">[nLocal] receives numbers of <see cref="StructureTable"/>, or a negative one of atoms that have no name</param>
    public void Run(Particles particles, int* types)
    {
        if (particles.LocalCount == 0)
            return;
        _identifier.Identify(particles.View, _hasSpecies ? particles.Species : null, _densityOf, types, null);
        for (int i = 0; i < particles.LocalCount; i++)
            if (types[i] >= 0)
                types[i] = _numbers[types[i]];
    }

    public void Dispose() => _identifier.Dispose();
}
