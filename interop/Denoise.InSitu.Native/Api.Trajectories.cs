using System.Runtime.InteropServices;

namespace Denoise.InSitu.Native;

/// <summary>The part of it that writes and reads trajectories.</summary>
internal static unsafe partial class Api
{
    public static void WriterCreate(DnWriterOptions* options, DnHost* host, ulong* writer)
    {
        FailurePath.Prepare();
        HostCommunicator? communicator = host == null ? null : HostCommunicator.OfWriter(Structs.Read<DnHost>(host, "host"));
        HostedWriter made;
        try
        {
            if (writer == null)
                throw new SessionException(SessionError.Argument, "writer: is NULL; there is nowhere to put the handle.");
            made = new(Structs.Read<DnWriterOptions>(options, "options"), communicator);
        }
        catch (Exception) when (communicator is not null)
        {
            Agreement.Fail(communicator);
            throw;
        }

        try
        {
            made.Open();
        }
        catch (Exception)
        {
            made.Dispose();
            throw;
        }

        *writer = HandleTable.Add(made);
    }

    public static void WriterWrite(ulong writer, DnSnapshot* snapshot)
    {
        using HandleUse<HostedWriter> use = new(writer);
        use.Owner.Write(snapshot);
    }

    public static void WriterClose(ulong writer)
    {
        if (writer == 0)
            return;
        using HostedWriter closed = HandleTable.Remove<HostedWriter>(writer);
        closed.Complete();
    }

    public static void ReaderOpen(byte* path, ulong* reader)
    {
        FailurePath.Prepare();
        if (reader == null)
            throw new SessionException(SessionError.Argument, "reader: is NULL; there is nowhere to put the handle.");
        string name = Marshal.PtrToStringUTF8((nint)path) ?? throw new SessionException(SessionError.Argument, "path: is NULL.");
        *reader = HandleTable.Add(new HostedReader(name));
    }

    public static void ReaderRead(ulong reader, DnSnapshot* snapshot, int* isThere)
    {
        using HandleUse<HostedReader> use = new(reader);
        if (isThere == null)
            throw new SessionException(SessionError.Argument, "is_there: is NULL.");
        Structs.Peek<DnSnapshot>(snapshot, "snapshot");
        bool found = use.Owner.Read(out DnSnapshot read);
        if (found)
            Structs.Write(snapshot, read, "snapshot");
        *isThere = found ? 1 : 0;
    }

    public static void ReaderSkip(ulong reader, int* isThere)
    {
        using HandleUse<HostedReader> use = new(reader);
        if (isThere == null)
            throw new SessionException(SessionError.Argument, "is_there: is NULL.");
        *isThere = use.Owner.Skip() ? 1 : 0;
    }

    public static void ReaderGetWarning(ulong reader, int index, byte** text)
    {
        using HandleUse<HostedReader> use = new(reader);
        if (text == null)
            throw new SessionException(SessionError.Argument, "text: is NULL.");
        if (index < 0)
            throw new SessionException(SessionError.Argument, $"index: is {index}; sentences are numbered from 0.");
        *text = use.Owner.Warning(index);
    }

    public static void ReaderClose(ulong reader)
    {
        if (reader != 0)
            HandleTable.Remove<HostedReader>(reader).Dispose();
    }
}
