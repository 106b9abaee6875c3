using Denoise.Atoms.Threading;
using Denoise.DeviceBenchmarks;
using Denoise.Devices;
using Denoise.Networks.Checkpoints;

// device-bench MODEL [DEVICE] [ATOMS...]: comparisons with the processor's code first, then medians. DEVICE: gpu:0, opencl:0, ...
string wanted = args.Length > 1 ? args[1] : "gpu:0";
int[] sizes = args.Length > 2 ? [.. args.Skip(2).Select(int.Parse)] : [524_288, 4_000_000];
DeviceList list = DeviceList.Find();
DeviceInfo info = list.Devices.FirstOrDefault(device => device.Id == wanted)
    ?? throw new DeviceException($"There is no {wanted}: {string.Join("; ", list.Problems)}.");
using Device device = DeviceList.Open(info);
Console.WriteLine($"device          {info.Name} ({info.Id}, {info.Version}), {info.MemoryBytes / 1e9:f1} GB");
using var pool = new WorkerPool(Environment.ProcessorCount);
new Measurements(device, pool, Checkpoint.LoadModel(args[0])).Run(sizes);
