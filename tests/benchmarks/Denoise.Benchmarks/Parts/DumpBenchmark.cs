using System.Globalization;
using Denoise.Atoms;
using Denoise.Trajectories;

namespace Denoise.Benchmarks;

/// <summary>Writing a LAMMPS text dump, or reading one that was written before, in the system's temporary folder.</summary>
internal sealed class DumpBenchmark(bool reads, int atoms) : Benchmark
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"denoise-bench-{Environment.ProcessId}-{Guid.NewGuid():N}.dump");
    private readonly Frame _frame = new();
    private readonly Frame _read = new();

    public override string Name => reads ? "dump read" : "dump write";

    public override long Atoms => _frame.Count;

    public override long MemoryBytes => 0;

    public override Work? Work => new(0, (double)new FileInfo(_path).Length / Atoms);

    public override string Result => string.Create(CultureInfo.InvariantCulture,
        $"{new FileInfo(_path).Length / 1e6:f1} MB, {(double)new FileInfo(_path).Length / Atoms:f1} bytes per atom");

    public override void Prepare()
    {
        var (positions, box) = Crystal.Fcc.Rattled(atoms);
        _frame.Resize(positions.Length / 3);
        positions.CopyTo(_frame.Positions.Span);
        _frame.NumberAtoms();
        _frame.Types.Span.Fill(1);
        _frame.Box = box;
        Write();
    }

    public override void Run()
    {
        if (!reads)
        {
            Write();
            return;
        }

        using var reader = TrajectoryReader.Open(_path);
        if (!reader.Read(_read) || _read.Count != _frame.Count)
            throw new InvalidDataException($"{_path}: {_read.Count} atoms came back, {_frame.Count} were written");
    }

    public override void Dispose()
    {
        _frame.Dispose();
        _read.Dispose();
        File.Delete(_path);
    }

    private void Write()
    {
        using var writer = TrajectoryWriter.Create(_path);
        writer.Write(_frame);
        writer.Complete();
    }
}
