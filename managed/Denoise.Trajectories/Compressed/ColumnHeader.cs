using Denoise.Atoms;

namespace Denoise.Trajectories.Compressed;

/// <summary>A per-atom column as a frame announces it.</summary>
/// <param name="Name">in the frame</param>
/// <param name="Kind">of its values</param>
/// <param name="OvitoName">see <see cref="FrameColumn.OvitoName"/></param>
/// <param name="Bound">largest error that its encoder may make; 0: none</param>
internal sealed record ColumnHeader(string Name, ColumnKind Kind, string? OvitoName, double Bound);
