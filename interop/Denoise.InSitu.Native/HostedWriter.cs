using System.Runtime.InteropServices;
using Denoise.Atoms;
using Denoise.Atoms.Files;
using Denoise.Parallel;
using Denoise.Trajectories.Compressed;

namespace Denoise.InSitu.Native;

/// <summary>A .dnz file that C hosts write.</summary>
internal sealed unsafe class HostedWriter : IHandled
{
    private const double DefaultBound = 0.01;
    private const int DefaultKeyEvery = 64;

    private readonly string _path;
    private readonly DnzOptions _options;
    private readonly IExchange _communicator;
    private readonly Frame _frame = new();
    private SharedDnzWriter? _writer;

    /// <summary>Checks what is asked for; not collective.</summary>
    /// <exception cref="SessionException">an option is wrong</exception>
    public HostedWriter(DnWriterOptions options, HostCommunicator? host)
    {
        _communicator = host is null ? SerialCommunicator.Instance : host;
        _path = Text(options.Path) is { Length: > 0 } path ? path : throw Wrong("path: is NULL or empty.");
        if (options.Mode is < 0 or > (int)DnzMode.Lossless)
            throw Wrong($"mode: {options.Mode} is unknown; 0 is bound, 1 structure, 2 lossless.");
        if (!(options.Bound >= 0) || !double.IsFinite(options.Bound))
            throw Wrong($"bound: is {options.Bound}; it is a length above 0, or 0: {DefaultBound}.");
        if (options.KeyEvery < 0)
            throw Wrong($"key_every: is {options.KeyEvery}.");
        if (options.BoundedCount < 0 || (options.BoundedCount > 0 && (options.BoundedColumns == null || options.ColumnBounds == null)))
            throw Wrong($"bounded_columns: NULL, or bounded_count is {options.BoundedCount}.");
        Dictionary<string, double> bounds = [];
        for (int k = 0; k < options.BoundedCount; k++)
        {
            string name = Text(options.BoundedColumns[k]) ?? throw Wrong($"bounded_columns[{k}]: is NULL.");
            double bound = options.ColumnBounds[k];
            bounds[name] = bound > 0 && double.IsFinite(bound) ? bound : throw Wrong($"column_bounds[{k}]: is {bound}, must be above 0.");
        }

        _options = new()
        {
            Mode = (DnzMode)options.Mode,
            Bound = options.Bound == 0 ? DefaultBound : options.Bound,
            KeyEvery = options.KeyEvery == 0 ? DefaultKeyEvery : options.KeyEvery,
            ColumnBounds = bounds,
        };
    }

    public static string Noun => "writer";

    /// <summary>Begins the file. Collective, with ranks whose options are wrong: <see cref="Agreement.Fail"/>.</summary>
    public void Open()
    {
        Agree(null);
        Agreement.RequireEqual(_communicator,
        [
            ("mode", (double)_options.Mode), ("bound", _options.Bound), ("key_every", _options.KeyEvery),
            ("path", ModelDigest.Fold(_path)),
            ("column_bounds", ModelDigest.Fold(string.Join(' ', _options.ColumnBounds.Select(bound => $"{bound.Key} {bound.Value:R}")))),
        ]);
        _writer = new(_path, _options, _communicator, Agree);
    }

    /// <summary>Collective, also where the snapshot of this rank is none.</summary>
    public void Write(DnSnapshot* snapshot)
    {
        try
        {
            Snapshots.Take(Structs.Read<DnSnapshot>(snapshot, "snapshot"), _frame, _communicator.Size > 1);
        }
        catch (Exception)
        {
            Agreement.Fail(_communicator);
            throw;
        }

        _writer!.Write(_frame);
    }

    /// <summary>Ends the file. Collective.</summary>
    public void Complete() => _writer!.Complete();

    public void Dispose()
    {
        _writer?.Dispose();
        _frame.Dispose();
    }

    private static string? Text(byte* text) => Marshal.PtrToStringUTF8((nint)text);

    private static SessionException Wrong(string what) => new(SessionError.Argument, "options: " + what);

    private void Agree(Exception? failure)
    {
        if (failure is InputException { InnerException: { } system } && WriteFailure.IsFromSystem(system))
            failure = new SessionException(SessionError.InputOutput, failure.Message, failure);
        Agreement.Reach(_communicator, failure);
    }
}
