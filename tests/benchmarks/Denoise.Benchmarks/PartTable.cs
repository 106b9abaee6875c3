using System.Globalization;

namespace Denoise.Benchmarks;

/// <summary>The lines of parts, with rates, memory and the share of the machine's peak.</summary>
/// <param name="report">receives the rows</param>
/// <param name="peaks">of one core</param>
internal sealed class PartTable(Report report, CorePeaks peaks)
{
    public static void Header() => Report.Say(
        $"{"part",-28} {"thr",3} {"atoms",10} {"atoms/s",11} {"per CPU-s",11} {"best",11} ",
        $"{"B alloc",8} {"B/atom",7} {"flop",6} {"%FMA",5} {"moved",6} {"%mem",5}  result");

    public void Line(string name, int threads, int vectorBits, Measurement m)
    {
        double flops = (m.Work?.Flops ?? 0) * m.ProcessorRate, bytes = (m.Work?.Bytes ?? 0) * m.ProcessorRate;
        double peak = vectorBits == 512 ? peaks.Flops512 : peaks.Flops256;
        double perAtom = (double)m.MemoryBytes / m.Atoms;
        Report.Say(
            $"{name,-28} {threads,3} {m.Atoms,10:n0} {m.Rate,11:n0} {m.ProcessorRate,11:n0} {m.BestRate,11:n0} ",
            $"{m.AllocatedBytes,8:n0} {Text(perAtom, 7, "f0")} {Text(m.Work?.Flops ?? 0, 6, "f0")} {Text(100 * flops / peak, 5, "f1")} ",
            $"{Text(m.Work?.Bytes ?? 0, 6, "f0")} {Text(100 * bytes / peaks.Bandwidth, 5, "f1")}  {m.Result}");
        report.Add(("part", name), ("threads", threads), ("atoms", m.Atoms), ("atoms_per_s", m.Rate),
            ("atoms_per_cpu_s", m.ProcessorRate), ("best_atoms_per_s", m.BestRate),
            ("allocated_bytes_per_run", m.AllocatedBytes), ("bytes_per_atom", perAtom),
            ("flops_per_atom", m.Work?.Flops ?? double.NaN), ("bytes_moved_per_atom", m.Work?.Bytes ?? double.NaN),
            ("share_of_fma_peak", flops / peak), ("share_of_bandwidth", bytes / peaks.Bandwidth), ("result", m.Result));
        report.AddToLast(m.Details);
    }

    private static string Text(double value, int width, string format) =>
        (value > 0 ? value.ToString(format, CultureInfo.InvariantCulture) : "-").PadLeft(width);
}
