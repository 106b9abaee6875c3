using ILGPU;

namespace Denoise.Kernels.Network;

/// <summary>Which atoms are evaluated: those of a list, or all where it is empty.</summary>
internal static class ActiveAtom
{
    /// <param name="active">[evaluated] atoms, or nothing</param>
    /// <param name="place">among those that are evaluated</param>
    public static int At(ArrayView<int> active, int place) => active.Length > 0 ? active[place] : place;
}
