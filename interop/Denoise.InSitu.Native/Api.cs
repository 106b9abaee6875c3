using System.Runtime.InteropServices;

namespace Denoise.InSitu.Native;

/// <summary>
/// What the exports do, in terms of the managed session; failures leave as exceptions that the exports turn into statuses.
/// </summary>
internal static unsafe partial class Api
{
    private static readonly byte* VersionText = (byte*)Marshal.StringToCoTaskMemUTF8(
        typeof(Session).Assembly.GetName().Version!.ToString(3));

    public static int AbiVersion() => Dn.DN_ABI_MAJOR * 1000 + Dn.DN_ABI_MINOR;

    public static byte* Version() => VersionText;

    public static byte* LastError() => ThreadError.Text;

    public static void SessionCreate(DnSessionOptions* options, DnHost* host, ulong* session)
    {
        FailurePath.Prepare();
        HostCommunicator? communicator = host == null ? null : HostCommunicator.OfSession(Structs.Read<DnHost>(host, "host"));
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

        *session = HandleTable.Add(new HostedSession(new Session(managed, communicator), communicator));
    }

    public static void SessionGetInfo(ulong session, DnSessionInfo* info)
    {
        using HandleUse<HostedSession> use = new(session);
        HostedSession hosted = use.Owner;
        SessionInfo known = hosted.Session.Info;
        Structs.Write(info, new DnSessionInfo
        {
            Cutoff = known.Cutoff,
            HaloWidthF32 = known.HaloWidthSingle,
            HaloWidthF64 = known.HaloWidthDouble,
            SpeciesCount = known.SpeciesCount,
            GhostCutoffNeeded = known.GhostCutoffNeeded,
            ColumnCount = hosted.Session.Columns.Count,
            GlobalCount = hosted.Session.Globals.Count,
            StructureCount = hosted.Session.Structures.Count,
            Classify = (int)hosted.Session.Classification,
        }, "info");
    }

    public static void SessionGetColumn(ulong session, int index, DnColumn* column)
    {
        using HandleUse<HostedSession> use = new(session);
        HostedSession hosted = use.Owner;
        IReadOnlyList<ResultColumn> columns = hosted.Session.Columns;
        RequireIndex(index, columns.Count, "columns");
        ResultColumn wanted = columns[index];
        bool isInteger = wanted.Kind == Atoms.ColumnKind.Integer;
        Structs.Write(column, new DnColumn
        {
            Name = hosted.Names.Of(wanted.Name),
            OvitoName = wanted.OvitoName is { } name ? hosted.Names.Of(name) : null,
            Integers = isInteger ? wanted.Pointer : null,
            Reals = isInteger ? null : (double*)wanted.Pointer,
            Kind = isInteger ? Dn.DN_KIND_INTEGER : Dn.DN_KIND_REAL,
        }, "column");
    }

    public static void SessionGetGlobal(ulong session, int index, DnGlobal* global)
    {
        using HandleUse<HostedSession> use = new(session);
        HostedSession hosted = use.Owner;
        IReadOnlyList<ResultGlobal> globals = hosted.Session.Globals;
        RequireIndex(index, globals.Count, "globals");
        Structs.Write(global, new DnGlobal
        {
            Name = hosted.Names.Of(globals[index].Name),
            Value = globals[index].Value,
            Kind = globals[index].Kind == Atoms.ColumnKind.Integer ? Dn.DN_KIND_INTEGER : Dn.DN_KIND_REAL,
        }, "global");
    }

    public static void SessionGetStructure(ulong session, int index, DnStructure* structure)
    {
        using HandleUse<HostedSession> use = new(session);
        HostedSession hosted = use.Owner;
        IReadOnlyList<Atoms.NamedStructure> structures = hosted.Session.Structures;
        RequireIndex(index, structures.Count, "structures");
        Structs.Write(structure, new DnStructure
        {
            Name = hosted.Names.Of(structures[index].Name),
            Count = hosted.Last is { } last ? last.Counts[index] : 0,
            CountRaw = hosted.Last is { } before ? before.RawCounts[index] : 0,
            Number = structures[index].Number,
        }, "structure");
    }

    public static void SessionGetWarning(ulong session, int index, byte** text)
    {
        using HandleUse<HostedSession> use = new(session);
        if (text == null)
            throw new SessionException(SessionError.Argument, "text: is NULL.");
        if (index < 0)
            throw new SessionException(SessionError.Argument, $"index: is {index}; sentences are numbered from 0.");
        *text = use.Owner.Warning(index);
    }

    public static void SessionProcess(ulong session, DnFrame* frame, DnResult* result)
    {
        using HandleUse<HostedSession> use = new(session);
        Frames.Process(use.Owner, frame, result);
    }

    public static void SessionDestroy(ulong session)
    {
        if (session != 0)
            HandleTable.Remove<HostedSession>(session).Dispose();
    }

    public static void Shutdown()
    {
        int busy = HandleTable.RemoveAll();
        if (busy > 0)
            throw new SessionException(
                SessionError.Handle,
                $"{busy} session(s) or files are in a call of another thread and were left; call again when it has returned.");
    }

    private static void RequireIndex(int index, int count, string what)
    {
        if ((uint)index >= (uint)count)
            throw new SessionException(SessionError.Argument, $"index: is {index}, but there are {count} {what}.");
    }
}
