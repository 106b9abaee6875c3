using Denoise.Atoms;
using Denoise.Trajectories.Text;

namespace Denoise.Trajectories;

/// <summary>
/// Writes frames as text. Nothing of a frame depends on those before, so that several processes can write parts of one file.
/// </summary>
internal abstract class FrameFormatter
{
    /// <summary>Where the frame at hand goes.</summary>
    private protected TextOutput Output { get; private set; } = null!;

    public void Write(Frame frame, TextOutput output)
    {
        Output = output;
        WriteFrame(frame);
    }

    private protected abstract void WriteFrame(Frame frame);
}
