using Denoise.Atoms;
using Denoise.Trajectories.Text;

namespace Denoise.Trajectories;

/// <summary>
/// Writes frames in a format. Nothing of a frame depends on those before, so that several processes can write parts of one file; what a
/// file says of all of them is in its head, which is written last.
/// </summary>
internal abstract class FrameFormatter
{
    /// <summary>Bytes before the first frame; files with such a head hold one number of atoms, and are neither compressed nor piped.</summary>
    public virtual int HeadBytes => 0;

    /// <summary>The head.</summary>
    /// <param name="all">of all frames together</param>
    /// <param name="frames">how many there are</param>
    public virtual byte[] Head(FramePiece all, long frames) => [];

    /// <summary>Where the frame at hand goes.</summary>
    private protected TextOutput Output { get; private set; } = null!;

    public void Write(Frame frame, TextOutput output)
    {
        Output = output;
        WriteFrame(frame);
    }

    private protected abstract void WriteFrame(Frame frame);
}
