using Denoise.Trajectories;

namespace Denoise.Cli.Analysis;

/// <summary>Goes before what a process has to say of a frame.</summary>
internal struct MessageHeader
{
    public MessageKind Kind;

    /// <summary>Of the <see cref="FrameNote"/>.</summary>
    public long NoteBytes;

    /// <summary>Of the encoded frame.</summary>
    public long FrameBytes;

    /// <summary>Of its text.</summary>
    public FramePiece Piece;
}

internal enum MessageKind
{
    Good,

    /// <summary>The frame is left out.</summary>
    Bad,

    /// <summary>There are no more frames.</summary>
    End,

    /// <summary>The run is to end.</summary>
    Failed,
}
