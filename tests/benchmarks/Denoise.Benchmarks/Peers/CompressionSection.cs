using System.Globalization;
using System.Runtime.InteropServices;
using Denoise.Atoms;
using Denoise.Trajectories;
using Denoise.Trajectories.Compressed;

namespace Denoise.Benchmarks;

/// <summary>
/// .dnz files of trajectories that LAMMPS makes for this, one thread, beside zfp, gzip and the codec of XTC on the same coordinates
/// (peers/codecs.py): how many times smaller than single-precision positions, and MB of those per second of processor time. Ours keep ids,
/// types and boxes, too; the others do not.
/// </summary>
internal sealed class CompressionSection(Report report, BenchmarkOptions options)
{
    private const int BytesPerAtom = 12;
    private const int Warming = 3;
    private const int Turns = 5;
    private const double Megabyte = 1e6;

    private static readonly double[] Bounds = [0.01, 0.001];

    public void Measure()
    {
        report.Begin("compression",
            "Compression: times smaller than single-precision positions, MB of these per second of processor time, encoded / decoded");
        if (ExternalProgram.Find("lmp") is not { } lammps || !LammpsInputs.HasPotential)
        {
            Report.Say("  left out: it needs LAMMPS as lmp and its potentials (Debian: apt-get install lammps lammps-data)");
            return;
        }

        string folder = Path.Combine(ReferenceFolder.Build, "bench", "compression");
        Directory.CreateDirectory(folder);
        foreach (TrajectoryCase run in TrajectoryCase.All)
            if (run.Name.Contains(options.Filter, StringComparison.OrdinalIgnoreCase))
                Compare(run, run.Make(lammps, folder));
    }

    private void Compare(TrajectoryCase run, string path)
    {
        List<Frame> frames = [];
        using (TrajectoryReader reader = TrajectoryReader.Open(path))
            for (Frame frame = new(); reader.Read(frame); frame = new())
                frames.Add(frame);
        try
        {
            Report.Say($"{run.Name}, {frames.Count} frames of {frames[0].Count} atoms, {run.Spacing} fs apart");
            foreach (double bound in Bounds)
            {
                Ours(run, frames, bound);
                Peers(run, frames, bound);
            }
        }
        finally
        {
            frames.ForEach(frame => frame.Dispose());
        }
    }

    private void Ours(TrajectoryCase run, List<Frame> frames, double bound)
    {
        string file = Path.Combine(Path.GetTempPath(), $"denoise-bench-{Environment.ProcessId}.dnz");
        try
        {
            // The first turns also compile, which the program that users have does not.
            List<double> encode = [], decode = [];
            for (int turn = 0; turn < Warming + Turns; turn++)
            {
                TimeSpan start = Environment.CpuUsage.TotalTime;
                using (DnzWriter writer = new(file, new() { Bound = bound, ColumnBounds = run.ColumnBounds(frames[0], bound) }))
                {
                    foreach (Frame frame in frames)
                        writer.Write(frame);
                    writer.Complete();
                }

                TimeSpan middle = Environment.CpuUsage.TotalTime;
                using (TrajectoryReader reader = TrajectoryReader.Open(file))
                using (Frame frame = new())
                    while (reader.Read(frame))
                    {
                    }

                encode.Add((middle - start).TotalSeconds);
                decode.Add((Environment.CpuUsage.TotalTime - middle).TotalSeconds);
            }

            Add(run, "dnz", bound, frames, new FileInfo(file).Length, MedianOf(encode), MedianOf(decode), bound);

            static double MedianOf(List<double> turns) => turns.Skip(Warming).Order().ElementAt(Turns / 2);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private void Peers(TrajectoryCase run, List<Frame> frames, double bound)
    {
        if (!File.Exists("/usr/bin/python3"))
            return;
        string raw = Path.Combine(Path.GetTempPath(), $"denoise-bench-{Environment.ProcessId}.f32");
        try
        {
            using (FileStream stream = File.Create(raw))
                foreach (Frame frame in frames)
                    stream.Write(MemoryMarshal.AsBytes(frame.Positions.Span.ToArray().Select(x => (float)x).ToArray().AsSpan()));
            string script = Path.Combine(ReferenceFolder.Repository, "tests", "benchmarks", "peers", "codecs.py");
            string lines = ExternalProgram.Run("/usr/bin/python3", "-B", "-W", "ignore", script, raw,
                frames[0].Count.ToString(CultureInfo.InvariantCulture), bound.ToString(CultureInfo.InvariantCulture));
            foreach (string[] words in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')))
            {
                double[] numbers = [.. words[1..].Select(word => double.Parse(word, CultureInfo.InvariantCulture))];
                Add(run, words[0], bound, frames, (long)numbers[0], numbers[1], numbers[2], numbers[3]);
            }
        }
        finally
        {
            File.Delete(raw);
        }
    }

    private void Add(
        TrajectoryCase run, string codec, double bound, List<Frame> frames, long bytes, double encode, double decode, double error)
    {
        double all = BytesPerAtom * frames.Sum(frame => (double)frame.Count);
        Report.Say($"  {bound,-6} {codec,-5} {all / bytes,6:f2}   {all / encode / Megabyte,6:f0} / {all / decode / Megabyte,-6:f0}",
            codec == "dnz" ? "" : $"   largest error {error:g3}");
        report.Add(("case", run.Name), ("codec", codec), ("bound", bound), ("ratio", all / bytes),
            ("encode_mb_per_cpu_s", all / encode / Megabyte), ("decode_mb_per_cpu_s", all / decode / Megabyte), ("largest_error", error));
    }
}
