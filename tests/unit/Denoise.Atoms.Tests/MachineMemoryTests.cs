using Denoise.Atoms.Memory;
using Denoise.TestSupport;

namespace Denoise.Atoms.Tests;

public sealed class MachineMemoryTests : IDisposable
{
    private readonly ScratchFolder _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void This_machine_has_some() => Assert.InRange(new MachineMemory().Available(), 1 << 20, 1L << 50);

    [Fact]
    public void Nothing_that_limits() => Assert.Equal(long.MaxValue, Available());

    [Fact]
    public void What_the_machine_has()
    {
        Write("proc/meminfo", "MemTotal:       24000 kB\nMemFree:          100 kB\nMemAvailable:    9000 kB\n");
        Assert.Equal(9000L << 10, Available());
    }

    [Fact]
    public void Groups_of_version_2_with_those_above()
    {
        Write("proc/meminfo", "MemAvailable:    9000000 kB\n");
        Write("proc/self/cgroup", "0::/slurm/job_7\n");
        Write("sys/fs/cgroup/slurm/job_7/memory.max", "max\n");
        Write("sys/fs/cgroup/slurm/job_7/memory.current", "999\n");
        Write("sys/fs/cgroup/slurm/memory.max", "1000000\n");
        Write("sys/fs/cgroup/slurm/memory.current", "600000\n");
        Write("sys/fs/cgroup/slurm/memory.stat", "anon 5\ninactive_file 100000\nactive_file 7\n");
        Assert.Equal(500000, Available());
    }

    [Fact]
    public void Groups_of_version_1()
    {
        Write("proc/self/cgroup", "9:cpu,cpuacct:/a\n4:memory:/docker/b\n");
        Write("sys/fs/cgroup/memory/docker/b/memory.limit_in_bytes", "4096\n");
        Write("sys/fs/cgroup/memory/docker/b/memory.usage_in_bytes", "1096\n");
        Assert.Equal(3000, Available());
    }

    [Fact]
    public void Limits_of_the_process()
    {
        Write("proc/self/limits", "Limit                     Soft Limit           Hard Limit           Units\n" +
            "Max data size             4096000              unlimited            bytes\n" +
            "Max address space         unlimited            unlimited            bytes\n");
        Write("proc/self/status", "VmSize:\t  900 kB\nVmData:\t 1000 kB\n");
        Assert.Equal(4096000 - 1024000, Available());
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData("500M", 500L << 20)]
    [InlineData("4G", 4L << 30)]
    [InlineData("1.5 GiB", 3L << 29)]
    [InlineData("2kb", 2048)]
    [InlineData("1T", 1L << 40)]
    public void Amounts_as_people_write_them(string text, long bytes) => Assert.Equal(bytes, MemorySize.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-1G")]
    [InlineData("much")]
    [InlineData("1e300")]
    [InlineData("99999999999T")]
    [InlineData("NaN")]
    public void What_is_no_amount(string text) => Assert.Null(MemorySize.Parse(text));

    [Fact]
    public void Amounts_for_people()
    {
        Assert.Equal("999 bytes", MemorySize.Format(999));
        Assert.Equal("1.5 GiB", MemorySize.Format(3L << 29));
    }

    private long Available() => new MachineMemory(_root.Folder).Available();

    private void Write(string file, string text)
    {
        string path = Path.Combine(_root.Folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
