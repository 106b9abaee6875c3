using System.Runtime.InteropServices;

namespace Denoise.Devices.Cuda;

/// <summary>An NVIDIA card. Uses the card's primary context, which a host program (KOKKOS) shares.</summary>
internal sealed unsafe class CudaDevice : Device
{
    // PTX 7.0 came with CUDA 11.0; compute capability 7.0 is Volta (2017).
    private const int OldestDriver = 11000;
    private const int OldestCapability = 70;

    private readonly CudaDriver _driver;
    private readonly int _device;
    private readonly nint _context;
    private readonly nint _stream;
    private readonly nint[] _events = new nint[Marks];
    private readonly List<nint> _modules = [];

    public CudaDevice(DeviceInfo info)
    {
        _driver = CudaDriver.Open(out string problem) ?? throw new DeviceException(problem);
        Info = info;
        int device;
        Check(_driver.DeviceGet(&device, info.Index), "open");
        _device = device;
        nint context, stream;
        Check(_driver.PrimaryCtxRetain(&context, device), "open");
        _context = context;
        using DeviceScope scope = Enter();
        // Not synchronized with the legacy stream: a host program may use that.
        Check(_driver.StreamCreate(&stream, 1), "open");
        _stream = stream;
        for (int k = 0; k < Marks; k++)
        {
            nint mark;
            Check(_driver.EventCreate(&mark, 0), "open");
            _events[k] = mark;
        }

        const int MultiprocessorCount = 16, MaxThreadsPerMultiprocessor = 39;
        ThreadsWanted = Attribute(_driver, device, MultiprocessorCount) * Attribute(_driver, device, MaxThreadsPerMultiprocessor);
    }

    public override DeviceInfo Info { get; }

    public override int ThreadsWanted { get; }

    public override long FreeBytes
    {
        get
        {
            nuint free, total;
            MakeCurrent();
            Check(_driver.MemGetInfo(&free, &total), "ask for its memory");
            return (long)free;
        }
    }

    /// <summary>All cards that the driver shows; none, and why, where there is no driver.</summary>
    public static IReadOnlyList<DeviceInfo> All(out string problem)
    {
        CudaDriver? driver = CudaDriver.Open(out problem);
        int count = 0;
        if (driver is null)
            return [];
        int status = driver.DeviceGetCount(&count), version = 0;
        if (status != 0 || count == 0)
        {
            problem = status != 0 ? driver.Text(status) : "the NVIDIA driver shows no card";
            return [];
        }

        status = driver.DriverGetVersion(&version);
        var found = new DeviceInfo[count];
        for (int k = 0; k < count; k++)
            found[k] = Describe(driver, k, version);
        return found;
    }

    /// <summary>The card that the host program computes on in this thread, as KOKKOS has chosen it; null: on none.</summary>
    public static int? OfHost()
    {
        int device, count = 0, candidate;
        if (CudaDriver.Open(out _) is not { } driver || Current(driver) == 0 || driver.CtxGetDevice(&device) != 0
            || driver.DeviceGetCount(&count) != 0)
            return null;
        for (int index = 0; index < count; index++)
            if (driver.DeviceGet(&candidate, index) == 0 && candidate == device)
                return index;
        return null;
    }

    public override void Synchronize()
    {
        MakeCurrent();
        Check(_driver.StreamSynchronize(_stream), "compute");
    }

    public override void Mark(int mark) => Check(_driver.EventRecord(_events[mark], _stream), "measure time");

    public override double Seconds()
    {
        float milliseconds;
        Check(_driver.EventSynchronize(_events[1]), "compute");
        Check(_driver.EventElapsedTime(&milliseconds, _events[0], _events[1]), "measure time");
        return milliseconds * 1e-3;
    }

    public override void* AllocatePinned(long bytes)
    {
        void* pointer;
        MakeCurrent();
        Check(_driver.MemHostAlloc(&pointer, (nuint)bytes, 0), "pin host memory");
        return pointer;
    }

    public override void FreePinned(void* pointer) => _driver.MemFreeHost(pointer);

    internal override nint Allocate(long bytes)
    {
        nint handle;
        MakeCurrent();
        int code = _driver.MemAlloc(&handle, (nuint)Math.Max(bytes, 16));
        if (code == CudaDriver.OutOfMemory)
        {
            long free = FreeBytes;
            throw new DeviceMemoryException(
                $"{Info.Id} ({Info.Name}) has {Bytes(free)} of memory left, and {Bytes(bytes)} more are needed.", bytes, free);
        }

        Check(code, "allocate memory");
        return handle;
    }

    internal override void Free(nint handle)
    {
        _driver.CtxSetCurrent(_context);
        _driver.MemFree(handle);
    }

    internal override void Write(nint handle, long offset, void* source, long bytes)
    {
        MakeCurrent();
        Check(_driver.MemcpyHtoDAsync(handle + (nint)offset, source, (nuint)bytes, _stream), "copy");
        Check(_driver.StreamSynchronize(_stream), "copy");
    }

    internal override void Read(nint handle, long offset, void* target, long bytes)
    {
        MakeCurrent();
        Check(_driver.MemcpyDtoHAsync(target, handle + (nint)offset, (nuint)bytes, _stream), "copy");
        Check(_driver.StreamSynchronize(_stream), "copy");
    }

    internal override void Clear(nint handle, long bytes) => Check(_driver.MemsetD8Async(handle, 0, (nuint)bytes, _stream), "clear memory");

    private protected override nint Compile(string name)
    {
        MakeCurrent();
        nint module, function;
        fixed (byte* text = KernelText.Get(name + ".ptx"), entry = "Kernel_Run\0"u8)
        {
            Check(_driver.ModuleLoadDataEx(&module, text, 0, null, null), $"take the kernel {name}");
            _modules.Add(module);
            Check(_driver.ModuleGetFunction(&function, module, entry), $"take the kernel {name}");
        }

        return function;
    }

    private protected override void Launch(Kernel kernel, int groups, void* scalars, int scalarBytes, ReadOnlySpan<DeviceView> views)
    {
        // A view is its pointer and its length.
        long* pairs = stackalloc long[2 * views.Length];
        void** parameters = stackalloc void*[views.Length + 1];
        parameters[0] = scalars;
        for (int k = 0; k < views.Length; k++)
        {
            pairs[2 * k] = views[k].Handle + (nint)(views[k].First * views[k].ElementSize);
            pairs[2 * k + 1] = views[k].Length;
            parameters[k + 1] = pairs + 2 * k;
        }

        Check(_driver.LaunchKernel(kernel.Handle, (uint)groups, 1, 1, GroupSize, 1, 1, 0, _stream, parameters, null),
            $"start the kernel {kernel.Name}");
    }

    // Whatever the device was doing, it must not keep the host from going on: failures while it is closed have no consequence.
    private protected override void Close()
    {
        nint before = Current(_driver);
        _driver.CtxSetCurrent(_context);
        foreach (nint module in _modules)
            _driver.ModuleUnload(module);
        foreach (nint mark in _events)
            _driver.EventDestroy(mark);
        _driver.StreamDestroy(_stream);
        _driver.PrimaryCtxRelease(_device);
        Leave(before);
    }

    private protected override nint Claim()
    {
        nint before = Current(_driver);
        _driver.CtxSetCurrent(_context);
        return before;
    }

    internal override void Leave(nint before) => _driver.CtxSetCurrent(before);

    private static nint Current(CudaDriver driver)
    {
        nint context = 0;
        return driver.CtxGetCurrent(&context) == 0 ? context : 0;
    }

    private static DeviceInfo Describe(CudaDriver driver, int index, int version)
    {
        int device;
        nuint memory;
        byte* name = stackalloc byte[256];
        int code = driver.DeviceGet(&device, index);
        if (code != 0 || (code = driver.DeviceGetName(name, 255, device)) != 0 || (code = driver.DeviceTotalMem(&memory, device)) != 0)
            return new(DeviceKind.Cuda, index, "?", 0, "?", driver.Text(code));
        int major = Attribute(driver, device, 75), minor = Attribute(driver, device, 76);
        string? problem = version < OldestDriver
            ? $"its driver is for CUDA {version / 1000}.{version % 1000 / 10}; the kernels need a driver for CUDA 11.0 (R450) or newer"
            : 10 * major + minor < OldestCapability
                ? $"its compute capability is {major}.{minor}; the kernels need 7.0 (2017) or newer" : null;
        return new(DeviceKind.Cuda, index, Marshal.PtrToStringUTF8((nint)name)!, (long)memory, $"{major}.{minor}", problem);
    }

    private static int Attribute(CudaDriver driver, int device, int attribute)
    {
        int value = 0;
        return driver.DeviceGetAttribute(&value, attribute, device) == 0 ? value : 0;
    }

    private void MakeCurrent() => Check(_driver.CtxSetCurrent(_context), "go on");

    private void Check(int code, string what)
    {
        if (code != 0)
            throw new DeviceException($"{Info.Id} ({Info.Name}) could not {what}: {_driver.Text(code)}.");
    }
}
