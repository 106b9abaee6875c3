using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.Parallel;
using Denoise.Trajectories;

namespace Denoise.Cli.Analysis;

/// <summary>What there is to say of a frame, where it was worked on and on the first process. Its memory is kept for the next.</summary>
internal sealed unsafe class FrameMessage : IDisposable
{
    private readonly NativeBuffer<MessageHeader> _header = new(1);
    private readonly NativeBuffer<byte> _note = new();
    private readonly NativeStream _encoded = new();

    public ref MessageHeader Header => ref _header[0];

    /// <summary>Whether the process has another one after this.</summary>
    public bool GoesOn => Header.Kind is MessageKind.Good or MessageKind.Bad;

    public NativeBuffer<byte> Encoded => _encoded.Buffer;

    public FrameNote Note => FrameNote.Read(_note.Span);

    /// <summary>What happened on this process; null: nothing, or it happened elsewhere.</summary>
    public Exception? Failure { get; set; }

    /// <summary>How much of the inputs this process has read; null where nobody knows.</summary>
    public double? Progress { get; set; }

    public long Bytes => Header.NoteBytes + Header.FrameBytes;

    public void Clear()
    {
        Header = default;
        (Failure, Progress) = (null, null);
        Encoded.Resize(0);
    }

    public void Encode(FrameEncoder encoder, Frame frame) => Header.Piece = encoder.Encode(frame, _encoded);

    public void Complete(MessageKind kind, long number, FrameNote note)
    {
        byte[] text = note.ToBytes();
        _note.Resize(text.Length);
        text.CopyTo(_note.Span);
        Header = Header with { Kind = kind, Number = number, NoteBytes = text.Length, FrameBytes = Encoded.Length };
    }

    /// <summary>Sends it to the first process without waiting.</summary>
    public void Post(IMessagePassing communicator)
    {
        communicator.Post(_header.Pointer, sizeof(MessageHeader), 0);
        communicator.Post(_note.Pointer, _note.Length, 0);
        communicator.Post(Encoded.Pointer, Encoded.Length, 0);
    }

    /// <summary>Takes what comes after a header.</summary>
    public void Receive(IMessagePassing communicator, int rank, in MessageHeader header)
    {
        Clear();
        Header = header;
        _note.Resize(header.NoteBytes);
        Encoded.Resize(header.FrameBytes);
        communicator.Receive(_note.Pointer, header.NoteBytes, rank);
        communicator.Receive(Encoded.Pointer, header.FrameBytes, rank);
    }

    public void Dispose()
    {
        _header.Dispose();
        _note.Dispose();
        _encoded.Dispose();
    }
}
