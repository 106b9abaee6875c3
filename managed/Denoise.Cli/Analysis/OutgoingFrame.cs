using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.Parallel;
using Denoise.Trajectories;

namespace Denoise.Cli.Analysis;

/// <summary>What a process has to say of a frame, on its way to the first process. Its memory is kept for the next.</summary>
internal sealed unsafe class OutgoingFrame : IDisposable
{
    private readonly NativeBuffer<MessageHeader> _header = new(1);
    private readonly NativeBuffer<byte> _note = new();
    private readonly NativeStream _encoded = new();

    public void Clear()
    {
        _header[0] = default;
        _encoded.Buffer.Resize(0);
    }

    public void Encode(FrameEncoder encoder, Frame frame) => _header[0].Piece = encoder.Encode(frame, _encoded);

    public void Complete(MessageKind kind, FrameNote note)
    {
        byte[] text = note.ToBytes();
        _note.Resize(text.Length);
        text.CopyTo(_note.Span);
        _header[0] = _header[0] with { Kind = kind, NoteBytes = text.Length, FrameBytes = _encoded.Buffer.Length };
    }

    /// <summary>Sends it to the first process without waiting.</summary>
    public void Post(IMessagePassing communicator)
    {
        communicator.Post(_header.Pointer, sizeof(MessageHeader), 0);
        communicator.Post(_note.Pointer, _note.Length, 0);
        communicator.Post(_encoded.Buffer.Pointer, _encoded.Buffer.Length, 0);
    }

    public void Dispose()
    {
        _header.Dispose();
        _note.Dispose();
        _encoded.Dispose();
    }
}
