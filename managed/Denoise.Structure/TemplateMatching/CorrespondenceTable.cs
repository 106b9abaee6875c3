using System.Runtime.CompilerServices;

namespace Denoise.Structure.TemplateMatching;

/// <summary>
/// For every mesh that belongs to a template, from whatever edge it is walked over: which neighbor of which template every corner can
/// be. One walk over the neighbors of an atom and one look into this table replace the comparison of graphs in a canonical form.
/// Correspondences that a rotation of the template takes to each other fit equally well and are kept once.
/// </summary>
internal sealed unsafe class CorrespondenceTable
{
    /// <summary>Bytes per correspondence: neighbors of the template in the order of the corners, then the template's index.</summary>
    public const int Stride = 17;

    private readonly Slot[] _slots;
    private readonly byte* _correspondences;
    private readonly int _shift;

    /// <param name="templates">to be matched</param>
    public CorrespondenceTable(IEnumerable<StructureTemplate> templates)
    {
        var found = new Dictionary<(ulong Code, uint Inner), List<byte[]>>();
        using TriangulatedHull mesh = new();
        foreach (StructureTemplate template in templates.Where(template => template.Type != StructureTemplate.Graphene))
        {
            int[][] rotations = [.. TemplateMeshes.Permutations(template)];
            foreach ((int, int, int)[] triangles in TemplateMeshes.Of(template))
            {
                mesh.Assign(triangles);
                foreach ((int a, int b, int c) in triangles)
                {
                    Add(found, template, rotations, mesh, a, b);
                    Add(found, template, rotations, mesh, b, c);
                    Add(found, template, rotations, mesh, c, a);
                }
            }
        }

        int bits = 4;
        while (1 << bits < 2 * found.Count)
            bits++;
        _shift = 64 - bits;
        _slots = new Slot[1 << bits];
        byte[] all = GC.AllocateUninitializedArray<byte>(Stride * Math.Max(1, found.Values.Sum(list => list.Count)), pinned: true);
        _correspondences = (byte*)Unsafe.AsPointer(ref all[0]);
        Storage = all;
        int next = 0;
        foreach (((ulong code, uint inner), List<byte[]> list) in found)
        {
            int at = Hash(code);
            while (_slots[at].Count > 0)
                at = (at + 1) & (_slots.Length - 1);
            _slots[at] = new(code, inner, next, list.Count);
            foreach (byte[] correspondence in list)
                correspondence.CopyTo(all, Stride * next++);
        }
    }

    /// <summary>Keeps the correspondences alive.</summary>
    public byte[] Storage { get; }

    /// <summary>The correspondences of a mesh.</summary>
    /// <param name="code">of <see cref="MeshCode"/></param>
    /// <param name="inner">one bit for every corner, in the order of the walk, that is an inner neighbor</param>
    /// <param name="count">how many there are</param>
    /// <returns>[count, <see cref="Stride"/>]</returns>
    public byte* Find(ulong code, uint inner, out int count)
    {
        for (int at = Hash(code); ; at = (at + 1) & (_slots.Length - 1))
        {
            ref readonly Slot slot = ref _slots[at];
            if (slot.Count == 0 || (slot.Code == code && slot.Inner == inner))
            {
                count = slot.Count;
                return _correspondences + (long)Stride * slot.First;
            }
        }
    }

    private static void Add(Dictionary<(ulong, uint), List<byte[]>> found, StructureTemplate template, int[][] rotations,
        TriangulatedHull mesh, int from, int to)
    {
        // Where there are inner neighbors, walks start at one.
        if (template.InnerCount > 0 && from >= template.InnerCount)
            return;
        int count = template.Neighbors.Count;
        byte* corners = stackalloc byte[TriangulatedHull.MostPoints];
        ulong code = MeshCode.Walk(mesh, from, to, corners, count);
        uint inner = 0;
        for (int k = 0; k < count; k++)
            inner |= corners[k] < template.InnerCount ? 1u << k : 0;
        Span<byte> least = stackalloc byte[Stride], image = stackalloc byte[Stride];
        image.Clear();
        image[Stride - 1] = (byte)(template.Type - 1);
        least.Fill(byte.MaxValue);
        foreach (int[] rotation in rotations)
        {
            for (int k = 0; k < count; k++)
                image[k] = (byte)rotation[corners[k]];
            if (image.SequenceCompareTo(least) < 0)
                image.CopyTo(least);
        }

        if (!found.TryGetValue((code, inner), out List<byte[]>? list))
            found.Add((code, inner), list = []);
        foreach (byte[] other in list)
            if (least.SequenceEqual(other))
                return;
        list.Add(least.ToArray());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Hash(ulong code) => (int)(code * 0x9E3779B97F4A7C15ul >> _shift);

    private readonly record struct Slot(ulong Code, uint Inner, int First, int Count);
}
