using System.Runtime.CompilerServices;
using Denoise.Atoms.Memory;

namespace Denoise.Structure.Clusters;

/// <summary>
/// Sets of elements that threads join at the same time without locks: a root is only ever hung below one of a lower index, so the
/// root of a set is its least element, whichever thread came first. After Anderson and Woll 1991, doi:10.1145/103418.103458.
/// </summary>
internal sealed unsafe class DisjointSets : IDisposable
{
    private readonly NativeBuffer<int> _parents = new();

    /// <summary>Makes room for elements, each of which <see cref="Separate"/> must set.</summary>
    public void Resize(int count) => _parents.Resize(count);

    /// <summary>Makes the element a set of its own.</summary>
    public void Separate(int element) => _parents.Pointer[element] = element;

    /// <summary>The least element of the set. May run while others join.</summary>
    public int Root(int element)
    {
        int* parents = _parents.Pointer;
        while (true)
        {
            int parent = Volatile.Read(ref parents[element]);
            if (parent == element)
                return element;
            int grandparent = Volatile.Read(ref parents[parent]);
            if (grandparent == parent)
                return parent;
            // Halves the path. Where another thread was faster, its link leads on as well.
            Interlocked.CompareExchange(ref parents[element], grandparent, parent);
            element = grandparent;
        }
    }

    /// <summary>The root, once nobody joins and <see cref="Flatten"/> was called for the element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int FlatRoot(int element) => _parents.Pointer[element];

    /// <summary>Hangs the element below its root.</summary>
    public void Flatten(int element) => Volatile.Write(ref _parents.Pointer[element], Root(element));

    public void Join(int a, int b)
    {
        while (true)
        {
            (a, b) = (Root(a), Root(b));
            if (a == b)
                return;
            (int least, int most) = a < b ? (a, b) : (b, a);
            if (Interlocked.CompareExchange(ref _parents.Pointer[most], least, most) == most)
                return;
        }
    }

    public void Dispose() => _parents.Dispose();
}
