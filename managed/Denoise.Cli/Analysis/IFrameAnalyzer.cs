using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.InSitu;

namespace Denoise.Cli.Analysis;

/// <summary>Runs a session on a whole frame, on one process or on several.</summary>
internal interface IFrameAnalyzer : IDisposable
{
    /// <summary>On the first rank, before <see cref="Analyze"/>: whatever may be wrong with the frame. Not collective.</summary>
    void Prepare(Frame frame);

    /// <summary>
    /// Moves the atoms of the frame to their denoised positions and identifies their structures. The frame, its codes and types
    /// count on the first rank only.
    /// </summary>
    /// <param name="codes">[frame.Count] atom types for the session</param>
    /// <param name="types">[frame.Count] structure types, resized and written</param>
    /// <param name="displacements">[frame.Count] how far each atom was moved, resized and written; null: not wanted</param>
    FrameResult Analyze(
        Session session, FrameHeader header, Frame frame, NativeBuffer<int> codes, NativeBuffer<int> types,
        NativeBuffer<double>? displacements);
}
