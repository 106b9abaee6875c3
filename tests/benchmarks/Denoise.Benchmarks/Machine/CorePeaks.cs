namespace Denoise.Benchmarks;

/// <summary>Of one core: operations per second at both vector widths, and bytes per second from memory.</summary>
/// <param name="Flops256">single precision, 256 bits</param>
/// <param name="Flops512">single precision, 512 bits; 0: there are none</param>
/// <param name="Bandwidth">triad with one thread</param>
internal sealed record CorePeaks(double Flops256, double Flops512, double Bandwidth)
{
    public static CorePeaks Measure(Report report)
    {
        report.Begin("machine",
            $"Machine: {MachineInfo.Processor}, {Environment.ProcessorCount} cores, {MachineInfo.Runtime}, load {MachineInfo.Load}");
        CorePeaks peaks = new(MachinePeak.Flops256(), MachinePeak.Flops512(), MachinePeak.Bandwidth(1));
        double all = MachinePeak.Bandwidth(Environment.ProcessorCount);
        Report.Say($"  multiply-add, 256 bits  {peaks.Flops256 / 1e9,8:f1} GFLOP/s per core");
        Report.Say($"  multiply-add, 512 bits  {peaks.Flops512 / 1e9,8:f1} GFLOP/s per core");
        Report.Say($"  memory (triad)          {peaks.Bandwidth / 1e9,8:f1} GB/s with one thread, ",
            $"{all / 1e9:f1} with {Environment.ProcessorCount}");
        report.Add(("flops_256", peaks.Flops256), ("flops_512", peaks.Flops512), ("bandwidth_1", peaks.Bandwidth),
            ("bandwidth_all", all));
        return peaks;
    }
}
