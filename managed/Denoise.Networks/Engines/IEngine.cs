using Denoise.Neighbors;
using Denoise.Networks.Models;
using Denoise.Parallel;

namespace Denoise.Networks.Engines;

/// <summary>
/// Evaluates a model on a graph. Engines differ in speed and precision, not in what they compute; one test suite runs on all.
/// Buffers are kept between calls: after the first call of a size nothing is allocated. One call at a time.
/// </summary>
public unsafe interface IEngine : IDisposable
{
    IModel Model { get; }

    /// <summary>What <see cref="Evaluate"/> fills: the model's heads, or what an engine makes of them.</summary>
    IReadOnlyList<Head> Heads => Model.Heads;

    /// <summary>
    /// Whether the rows that neighbors read are kept from one evaluation to the next, so that the next may leave atoms out. It costs
    /// <see cref="KeptBytesPerAtom"/>. Set before an evaluation of all atoms. Engines that have no use for it always evaluate all.
    /// </summary>
    bool KeepsRows
    {
        get => false;
        set
        {
        }
    }

    /// <summary>Bytes that <see cref="KeepsRows"/> costs per atom and ghost.</summary>
    int KeptBytesPerAtom => 0;

    /// <summary>
    /// [nLocal, 3] forces of the owned atoms in the next evaluations, eV/Å, borrowed; null: not known. What a network without a
    /// <see cref="ForceEncoding"/> is given makes no difference.
    /// </summary>
    double* Forces
    {
        get => null;
        set
        {
        }
    }

    /// <summary>Largest row, in floats, that <see cref="Evaluate"/> hands to the halo: what a host must be able to exchange.</summary>
    int HaloWidth { get; }

    /// <summary>Bytes that an evaluation holds of every atom beside rows as wide as <see cref="HaloWidth"/>.</summary>
    int BytesPerAtom => 0;

    /// <summary>Bytes of native memory held now.</summary>
    long MemoryBytes { get; }

    /// <summary>
    /// What the network says of every owned atom, under the heads that are asked for. A pair of the list, neighbor j in the row of
    /// atom i, is an edge where it is closer than the model's cutoff (the list may hold more: a skin). The edge carries the message
    /// of j to i along the vector r_i - r_j: from the sender to the receiver, as in the published implementation, where the sender
    /// is called i.
    /// </summary>
    /// <param name="particles">owned and ghost positions in model Å</param>
    /// <param name="species">[nLocal + nGhost] rows of the embeddings</param>
    /// <param name="neighbors">full list over the owned atoms</param>
    /// <param name="halo">brings features of owned atoms to their ghosts between layers</param>
    /// <param name="outputs">[heads] for each [nLocal, dimension of the head], row-major; null: not asked for</param>
    /// <param name="active">
    /// [nLocal] not 0 at atoms that are evaluated; the outputs of the others are left or made anew, and what their neighbors read of them,
    /// in every layer, is what the last evaluation of all atoms or of them left (<see cref="KeepsRows"/>). Null: all
    /// </param>
    void Evaluate(ParticleView particles, int* species, NeighborList neighbors, IHalo halo, float** outputs, byte* active = null);
}
