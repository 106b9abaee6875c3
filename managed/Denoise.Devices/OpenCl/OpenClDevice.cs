using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Denoise.Devices.OpenCl;

/// <summary>A device by OpenCL 2.0 or newer: cards of other makers, and processors (PoCL), on which the tests run.</summary>
internal sealed unsafe class OpenClDevice : Device
{
    private const ulong AllTypes = 0xFFFFFFFF;
    private const ulong ReadWrite = 1;
    private const int AllocationFailed = -4;
    private const int OutOfResources = -5;
    private const int OutOfHostMemory = -6;
    private const int InvalidBufferSize = -61;

    private readonly OpenClDriver _driver;
    private readonly nint _device;
    private readonly nint _context;
    private readonly nint _queue;
    private readonly List<(nint Program, nint Kernel)> _kernels = [];
    private readonly long[] _marks = new long[Marks];

    public OpenClDevice(DeviceInfo info)
    {
        _driver = OpenClDriver.Open(out string problem) ?? throw new DeviceException(problem);
        Info = info;
        _device = Handles(_driver)[info.Index];
        int code;
        nint device = _device;
        _context = _driver.CreateContext(null, 1, &device, 0, 0, &code);
        Check(code, "open");
        _queue = _driver.CreateCommandQueue(_context, _device, 0, &code);
        Check(code, "open");
        const uint ComputeUnits = 0x1002;
        int units;
        _driver.GetDeviceInfo(_device, ComputeUnits, sizeof(int), &units, null);
        ThreadsWanted = units * 2048;
    }

    public override DeviceInfo Info { get; }

    public override int ThreadsWanted { get; }

    public override long FreeBytes => -1;

    /// <summary>All devices that the drivers show; none, and why, where there is no driver.</summary>
    public static IReadOnlyList<DeviceInfo> All(out string problem)
    {
        OpenClDriver? driver = OpenClDriver.Open(out problem);
        if (driver is null)
            return [];
        nint[] handles = Handles(driver);
        if (handles.Length == 0)
            problem = "OpenCL shows no device";
        return [.. handles.Select((handle, index) => Describe(driver, handle, index))];
    }

    public override void Synchronize() => Check(_driver.Finish(_queue), "compute");

    // Events of the queue cost a command each; the host's clock between two waits measures what matters here.
    public override void Mark(int mark)
    {
        Synchronize();
        _marks[mark] = Stopwatch.GetTimestamp();
    }

    public override double Seconds() => Stopwatch.GetElapsedTime(_marks[0], _marks[1]).TotalSeconds;

    public override void* AllocatePinned(long bytes) => NativeMemory.AlignedAlloc((nuint)bytes, 4096);

    public override void FreePinned(void* pointer) => NativeMemory.AlignedFree(pointer);

    internal override nint Allocate(long bytes)
    {
        int code;
        nint handle = _driver.CreateBuffer(_context, ReadWrite, (nuint)Math.Max(bytes, 16), null, &code);
        if (code is AllocationFailed or OutOfResources or OutOfHostMemory or InvalidBufferSize)
        {
            throw new DeviceMemoryException($"{Info.Id} ({Info.Name}) has {Bytes(Info.MemoryBytes)} of memory, and {Bytes(bytes)} more " +
                "than are in use are needed.", bytes, -1);
        }

        Check(code, "allocate memory");
        return handle;
    }

    internal override void Free(nint handle)
    {
        _driver.Finish(_queue);
        _driver.ReleaseMemObject(handle);
    }

    internal override void Write(nint handle, long offset, void* source, long bytes) =>
        Check(_driver.EnqueueWriteBuffer(_queue, handle, 1, (nuint)offset, (nuint)bytes, source, 0, null, null), "copy");

    internal override void Read(nint handle, long offset, void* target, long bytes) =>
        Check(_driver.EnqueueReadBuffer(_queue, handle, 1, (nuint)offset, (nuint)bytes, target, 0, null, null), "copy");

    internal override void Clear(nint handle, long bytes)
    {
        byte zero = 0;
        Check(_driver.EnqueueFillBuffer(_queue, handle, &zero, 1, 0, (nuint)bytes, 0, null, null), "clear memory");
    }

    private protected override nint Compile(string name)
    {
        int code;
        nint program, device = _device;
        fixed (byte* text = KernelText.Get(name + ".cl"), options = "-cl-std=CL2.0 -cl-mad-enable\0"u8, entry = "Kernel_Run\0"u8)
        {
            byte* source = text;
            program = _driver.CreateProgramWithSource(_context, 1, &source, null, &code);
            Check(code, $"take the kernel {name}");
            if (_driver.BuildProgram(program, 1, &device, options, 0, 0) != 0)
                throw new DeviceException($"{Info.Id} ({Info.Name}) could not compile the kernel {name}: {BuildLog(program)}");
            nint kernel = _driver.CreateKernel(program, entry, &code);
            Check(code, $"take the kernel {name}");
            _kernels.Add((program, kernel));
            return kernel;
        }
    }

    private protected override void Launch(Kernel kernel, int groups, void* scalars, int scalarBytes, ReadOnlySpan<DeviceView> views)
    {
        // First the buffers, then what the kernel's author wrote: the scalars, and for every view where it begins and ends.
        uint argument = 0;
        int code = 0;
        for (int k = 0; k < views.Length; k++)
        {
            nint handle = views[k].Handle;
            code |= _driver.SetKernelArg(kernel.Handle, argument++, (nuint)sizeof(nint), &handle);
        }

        code |= _driver.SetKernelArg(kernel.Handle, argument++, (nuint)scalarBytes, scalars);
        long* pair = stackalloc long[2];
        for (int k = 0; k < views.Length; k++)
        {
            pair[0] = (int)views[k].First;
            pair[1] = views[k].Length;
            code |= _driver.SetKernelArg(kernel.Handle, argument++, 2 * sizeof(long), pair);
        }

        nuint threads = (nuint)groups * GroupSize, group = GroupSize;
        Check(code, $"take the arguments of the kernel {kernel.Name}");
        Check(_driver.EnqueueNDRangeKernel(_queue, kernel.Handle, 1, null, &threads, &group, 0, null, null),
            $"start the kernel {kernel.Name}");
    }

    private protected override void Close()
    {
        _driver.Finish(_queue);
        foreach ((nint program, nint kernel) in _kernels)
        {
            _driver.ReleaseKernel(kernel);
            _driver.ReleaseProgram(program);
        }

        _driver.ReleaseCommandQueue(_queue);
        _driver.ReleaseContext(_context);
    }

    private static nint[] Handles(OpenClDriver driver)
    {
        uint count;
        if (driver.GetPlatformIds(0, null, &count) != 0)
            return [];
        nint* platforms = stackalloc nint[(int)count];
        driver.GetPlatformIds(count, platforms, null);
        var found = new List<nint>();
        for (int p = 0; p < count; p++)
        {
            uint devices;
            if (driver.GetDeviceIds(platforms[p], AllTypes, 0, null, &devices) != 0)
                continue;
            nint[] handles = new nint[devices];
            fixed (nint* pointer = handles)
                driver.GetDeviceIds(platforms[p], AllTypes, devices, pointer, null);
            found.AddRange(handles);
        }

        return [.. found];
    }

    private static DeviceInfo Describe(OpenClDriver driver, nint device, int index)
    {
        const uint Name = 0x102B, Version = 0x102F, Type = 0x1000, GlobalMemory = 0x101F, LargestArray = 0x1010, DoubleConfig = 0x1032;
        const long Processor = 2;
        long memory = 0, largest = 0, type = 0, doubles = 0;
        driver.GetDeviceInfo(device, Type, sizeof(long), &type, null);
        driver.GetDeviceInfo(device, LargestArray, sizeof(long), &largest, null);
        driver.GetDeviceInfo(device, GlobalMemory, sizeof(long), &memory, null);
        driver.GetDeviceInfo(device, DoubleConfig, sizeof(long), &doubles, null);
        string version = Text(driver, device, Version);
        string[] words = version.Split(' ');
        string number = words.Length > 1 ? words[1] : "?";
        string? problem = number.Length == 0 || number[0] is not ('2' or '3') ? $"it has OpenCL {number}; the kernels need 2.0 or newer"
            : doubles == 0 ? "it does not compute in double precision" : null;
        return new(DeviceKind.OpenCl, index, Text(driver, device, Name), memory, number, problem)
        {
            IsProcessor = (type & Processor) != 0,
            LargestArray = largest > 0 ? largest : long.MaxValue,
        };
    }

    private static string Text(OpenClDriver driver, nint device, uint what)
    {
        byte* text = stackalloc byte[512];
        text[0] = 0;
        driver.GetDeviceInfo(device, what, 511, text, null);
        return Marshal.PtrToStringUTF8((nint)text)!.Trim();
    }

    private string BuildLog(nint program)
    {
        const uint Log = 0x1183;
        byte[] text = new byte[4096];
        nuint length = 0;
        fixed (byte* pointer = text)
            _driver.GetProgramBuildInfo(program, _device, Log, (nuint)text.Length, pointer, &length);
        return Encoding.UTF8.GetString(text, 0, (int)Math.Min((ulong)length, (ulong)text.Length)).TrimEnd('\0', '\n');
    }

    private void Check(int code, string what)
    {
        if (code != 0)
            throw new DeviceException($"{Info.Id} ({Info.Name}) could not {what}: OpenCL status {code}.");
    }
}
