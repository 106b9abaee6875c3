using Denoise.Training.Batches;
using Denoise.Training.Structures;

namespace Denoise.Training.Sampling;

/// <summary>
/// Which species the atoms of a sample are where species are roles: a compound's sublattices get any of them, so that a network cannot
/// tell which is which; the sites of an element get them at random, as in a solid solution of any composition.
/// </summary>
internal static class RoleAssignment
{
    private const double PartOfElements = 0.25;

    /// <param name="structure">of which the sample is</param>
    /// <param name="roles">species of the network; at least those of the structure</param>
    /// <param name="random">draws the assignment</param>
    /// <param name="cell">species are replaced</param>
    public static void Assign(IdealStructure structure, int roles, ref RandomStream random, TrainingCell cell)
    {
        Span<int> order = stackalloc int[roles];
        for (int k = 0; k < roles; k++)
        {
            int at = random.Integer(k + 1);
            (order[k], order[at]) = (order[at], k);
        }

        bool isElement = random.Uniform() < PartOfElements;
        double first = random.Uniform(), second = random.Uniform();
        for (int i = 0; i < cell.Count; i++)
        {
            int role = cell.Species[i];
            if (structure.SpeciesCount == 1)
                role = isElement || random.Uniform() < first ? 0
                    : random.Uniform() < second || roles == 2 ? 1
                    : 2 + random.Integer(roles - 2);
            cell.Species[i] = order[role];
        }
    }
}
