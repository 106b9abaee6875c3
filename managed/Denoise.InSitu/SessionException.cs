using Denoise.Atoms;
using Denoise.Devices;

namespace Denoise.InSitu;

/// <summary>A call of a session failed; the message is for people, the kind for programs.</summary>
public sealed class SessionException : InputException
{
    public SessionException(SessionError error, string message) : base(message) => Error = error;

    public SessionException(SessionError error, string message, Exception inner) : base(message, inner) => Error = error;

    public SessionError Error { get; }

    /// <summary>Any exception as one of a session: what kind of failure it is.</summary>
    public static SessionException From(Exception failure) => failure switch
    {
        SessionException session => session,
        InputException => new(SessionError.Input, failure.Message, failure),
        IOException or UnauthorizedAccessException => new(SessionError.InputOutput, failure.Message, failure),
        DeviceMemoryException => new(SessionError.Memory, $"device: {failure.Message}", failure),
        DeviceException => new(SessionError.Device, $"device: {failure.Message}", failure),
        OutOfMemoryException => new(SessionError.Memory, "out of memory", failure),
        _ => new(SessionError.Internal, $"{failure.GetType().Name}: {failure.Message} (a mistake in this library)", failure),
    };
}
