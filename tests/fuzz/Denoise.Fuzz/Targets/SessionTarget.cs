using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Denoise.Atoms;
using Denoise.Fuzz.Mutation;
using Denoise.InSitu.Native;
using Denoise.Networks.Checkpoints;

namespace Denoise.Fuzz.Targets;

/// <summary>
/// The C interface, through its exported functions: sessions with hostile options, a few frames each, handles that are stale or junk;
/// and the promises of the header: statuses, messages, results untouched by failures, frames that do not change each other.
/// </summary>
internal sealed unsafe class SessionTarget : Target
{
    private const int MostFrames = 3;

    private static readonly delegate* unmanaged[Cdecl]<DnSessionOptions*, DnHost*, ulong*, int> Create = &Exports.SessionCreate;
    private static readonly delegate* unmanaged[Cdecl]<ulong, DnSessionInfo*, int> GetInfo = &Exports.SessionGetInfo;
    private static readonly delegate* unmanaged[Cdecl]<ulong, DnFrame*, DnResult*, int> Process = &Exports.SessionProcess;
    private static readonly delegate* unmanaged[Cdecl]<ulong, int> Destroy = &Exports.SessionDestroy;
    private static readonly delegate* unmanaged[Cdecl]<byte*> LastError = &Exports.LastError;

    private readonly FencedMemory _memory = new();
    private readonly string[] _models;
    private string _refusal = "";
    private Exception? _lastThrown;

    public SessionTarget()
    {
        string model = Path.Combine(Running.Folders.Work, "run", $"model-{Environment.ProcessId}.pt");
        CheckpointWriter.Save(model, Networks.OneSpecies.ToStateDict(), Networks.Config);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => File.Delete(model);
        // The library catches its exceptions; where it calls them its own mistakes, the stack says which.
        AppDomain.CurrentDomain.FirstChanceException += (_, thrown) => _lastThrown = thrown.Exception;
        _models = [model, "", ".", "/nowhere/model.pt", "/dev/null", "a\nb", new string('x', 5000), "/proc/self/mem"];
    }

    public override string Name => "session";

    public override IMutator Mutator => ByteMutator.Instance;

    public override void Execute(ReadOnlySpan<byte> input)
    {
        Choices choices = new(input);
        _memory.Reset();
        _refusal = "";
        DnSessionOptions options = HostileOptions.Make(ref choices, _memory, _models);
        bool hasHost = choices.Seldom(4);
        DnHost host = HostCallbacks.Table();
        HostCallbacks.Status = 0;
        (host.Rank, host.Size) = (choices.OrEdge(0, 32), choices.OrEdge(1, 32));
        ulong session = Open(&options, hasHost ? &host : null);
        try
        {
            for (int k = 1 + choices.Below(MostFrames); k > 0; k--)
                RunFrame(ref choices, session, &options, hasHost ? &host : null);
            DnSessionInfo info = new() { StructSize = (nuint)choices.OrEdge(sizeof(DnSessionInfo), 16) };
            Status(GetInfo(session, &info));
        }
        finally
        {
            Status(Destroy(session));
            // The handle is stale now, whatever it was.
            BrokenPromise.Unless(session == 0 || Destroy(session) == Dn.DN_ERROR_HANDLE, "a session can be destroyed twice");
        }

        if (_refusal.Length > 0)
            throw new InputException(_refusal);
    }

    private ulong Open(DnSessionOptions* options, DnHost* host)
    {
        ulong session = 0;
        bool isOpen = Status(Create(options, host, &session)) == Dn.DN_OK;
        BrokenPromise.Unless(isOpen == (session != 0), "a handle after a failure, or none after a success");
        return session;
    }

    private void RunFrame(ref Choices choices, ulong session, DnSessionOptions* options, DnHost* host)
    {
        DnFrame frame = HostileFrame.Make(ref choices, _memory, host != null);
        HostileResult result = HostileResult.Make(ref choices, _memory, frame), again = result;
        // A library that sees the first fields only sees no ghosts, and has no rows for them.
        HostCallbacks.Ghosts = frame.StructSize < (nuint)sizeof(DnFrame) ? 0 : frame.NGhost;
        HostCallbacks.Owned = frame.NLocal;
        HostCallbacks.Status = choices.OrEdge(0, 64);
        ulong handle = choices.Seldom(64) ? session ^ (1UL << choices.Below(64)) : session;
        int status = Status(Process(handle, choices.Seldom(64) ? null : &frame, &result.Struct));
        if (status != Dn.DN_OK)
        {
            result.CheckUntouched();
            return;
        }

        result.Check(frame);
        if (handle == session)
            HostileAnalyses.Check(session, result.Owned);
        // What compares with the first frame may refuse as a first one what it has taken as a second.
        if (HostCallbacks.Status != 0 || !choices.Seldom(4) || HostileAnalyses.Remember(*options))
            return;
        ulong another = Open(options, host);
        again.Struct.StructureTypes = again.Struct.StructureTypes == null ? null : _memory.Place<int>(result.Owned);
        again.Struct.Positions = null;
        status = Status(Process(another, &frame, &again.Struct));
        _ = Destroy(another);
        BrokenPromise.Unless(status == Dn.DN_OK, $"a frame that was good fails in a new session: {_refusal}");
        result.CheckEqual(again);
    }

    /// <summary>Looks at a status and at the sentence that goes with it.</summary>
    private int Status(int status)
    {
        if (status == Dn.DN_OK)
            return status;
        string message = Marshal.PtrToStringUTF8((nint)LastError())!;
        // To be refused for want of memory is right, to run out of it is not.
        if (status == Dn.DN_ERROR_INTERNAL || (status == Dn.DN_ERROR_MEMORY && _lastThrown is OutOfMemoryException))
            ExceptionDispatchInfo.Throw(_lastThrown!);
        BrokenPromise.Unless(status is > Dn.DN_OK and < Dn.DN_ERROR_INTERNAL, $"status {status}: {message}");
        BrokenPromise.Unless(message.StartsWith("dn_session_", StringComparison.Ordinal), $"the message '{message}'");
        // The first refusal is told to whoever reads a replay; the others follow from it. How much of a name fits, the library decides.
        if (_refusal.Length == 0)
            _refusal = message[..Math.Min(message.Length, Running.Limits.MessageCharacters)];
        return status;
    }
}
