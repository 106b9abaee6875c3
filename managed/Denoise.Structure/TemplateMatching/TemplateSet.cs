using System.Runtime.CompilerServices;

namespace Denoise.Structure.TemplateMatching;

/// <summary>The templates that are looked for, in the form in which they are compared. Shared by all threads.</summary>
internal sealed unsafe class TemplateSet
{
    private const int RowLength = 4;

    private readonly double[] _rows;
    private readonly double* _pointer;

    /// <param name="templates">to be matched, from <see cref="StructureTemplate.All"/></param>
    public TemplateSet(IReadOnlyCollection<StructureTemplate> templates)
    {
        Correspondences = new(templates);
        int all = StructureTemplate.All.Count;
        _rows = GC.AllocateArray<double>(all * Neighborhood.Most * RowLength, pinned: true);
        _pointer = (double*)Unsafe.AsPointer(ref _rows[0]);
        Templates = [.. StructureTemplate.All];
        foreach (StructureTemplate template in templates)
        {
            for (int k = 0; k < template.Neighbors.Count; k++)
                for (int axis = 0; axis < 3; axis++)
                    Rows(template.Type - 1)[RowLength * k + axis] = template.Neighbors[k][axis];
            switch (template.InnerCount)
            {
                case 0 when template.Neighbors.Count == 6: HasSix = true; break;
                case 0 when template.Neighbors.Count == 12: HasTwelve = true; break;
                case 0: HasFourteen = true; break;
                case 4: HasDiamond = true; break;
                default: HasGraphene = true; break;
            }
        }
    }

    public StructureTemplate[] Templates { get; }

    public CorrespondenceTable Correspondences { get; }

    public bool HasSix { get; }

    public bool HasTwelve { get; }

    public bool HasFourteen { get; }

    public bool HasDiamond { get; }

    public bool HasGraphene { get; }

    public bool HasTwoShells => HasDiamond || HasGraphene;

    public bool HasOneShell => HasSix || HasTwelve || HasFourteen;

    /// <summary>[neighbors, 4] of a template by its index: x, y, z and nought.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double* Rows(int template) => _pointer + (long)template * Neighborhood.Most * RowLength;
}
