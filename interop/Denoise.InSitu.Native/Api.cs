using System.Runtime.InteropServices;

namespace Denoise.InSitu.Native;

/// <summary>
/// What the exports do, in terms of the managed session; failures leave as exceptions that the exports turn into statuses.
/// </summary>
internal static unsafe class Api
{
    private static readonly byte* VersionText = (byte*)Marshal.StringToCoTaskMemUTF8(
        typeof(Session).Assembly.GetName().Version!.ToString(3));

    public static int AbiVersion() => Dn.DN_ABI_MAJOR * 1000 + Dn.DN_ABI_MINOR;

    public static byte* Version() => VersionText;

    public static byte* LastError() => ThreadError.Text;

    public static void SessionCreate(DnSessionOptions* options, DnHost* host, ulong* session)
    {
        FailurePath.Prepare();
        HostCommunicator? communicator = host == null ? null : new(Structs.Read<DnHost>(host, "host"));
        SessionOptions managed;
        try
        {
            if (session == null)
                throw new SessionException(SessionError.Argument, "session: is NULL; there is nowhere to put the handle.");
            managed = Options.Read(Structs.Read<DnSessionOptions>(options, "options"));
        }
        catch (Exception) when (communicator is not null)
        {
            Agreement.Fail(communicator);
            throw;
        }

        *session = SessionTable.Add(new(new Session(managed, communicator), communicator));
    }

    public static void SessionGetInfo(ulong session, DnSessionInfo* info)
    {
        HostedSession hosted = SessionTable.Enter(session);
        try
        {
            SessionInfo known = hosted.Session.Info;
            Structs.Write(info, new DnSessionInfo
            {
                Cutoff = known.Cutoff,
                HaloWidthF32 = known.HaloWidthSingle,
                HaloWidthF64 = known.HaloWidthDouble,
                SpeciesCount = known.SpeciesCount,
                GhostCutoffNeeded = known.GhostCutoffNeeded,
            }, "info");
        }
        finally
        {
            SessionTable.Leave(session);
        }
    }

    public static void SessionProcess(ulong session, DnFrame* frame, DnResult* result)
    {
        HostedSession hosted = SessionTable.Enter(session);
        try
        {
            Frames.Process(hosted, frame, result);
        }
        finally
        {
            SessionTable.Leave(session);
        }
    }

    public static void SessionDestroy(ulong session)
    {
        if (session != 0)
            SessionTable.Remove(session);
    }

    public static void Shutdown()
    {
        int busy = SessionTable.RemoveAll();
        if (busy > 0)
            throw new SessionException(
                SessionError.Handle, $"{busy} session(s) are in a call of another thread and were left; call again when it has returned.");
    }
}
