using Denoise.Trajectories;

namespace Denoise.Cli.Analysis;

/// <summary>Goes before what a process has to say of a frame.</summary>
internal struct MessageHeader
{
    public MessageKind Kind;

    /// <summary>Of the frame among the wanted ones, from 0.</summary>
    public long Number;

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

    /// <summary>There are no more frames; nothing comes after this.</summary>
    End,

    /// <summary>The run is to end; nothing comes after this.</summary>
    Failed,

    /// <summary>The process asks for the number of another frame; the header is all.</summary>
    Question,
}
