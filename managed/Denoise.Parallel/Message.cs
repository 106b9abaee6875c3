namespace Denoise.Parallel;

/// <summary>One message of an exchange.</summary>
/// <param name="peer">the process at the other end</param>
/// <param name="data">borrowed until the exchange returns</param>
/// <param name="bytes">length; 0 is allowed and sends nothing</param>
public readonly unsafe struct Message(int peer, void* data, long bytes)
{
    public readonly int Peer = peer;
    public readonly void* Data = data;
    public readonly long Bytes = bytes;
}
