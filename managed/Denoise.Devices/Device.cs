namespace Denoise.Devices;

/// <summary>
/// A device with one queue: copies and kernels run in the order in which they are given. For one thread at a time. What a driver does
/// is in <see cref="Cuda.CudaDevice"/> and <see cref="OpenCl.OpenClDevice"/>.
/// </summary>
public abstract unsafe class Device : IDisposable
{
    /// <summary>Threads of a group: kernels are written for any number.</summary>
    public const int GroupSize = 128;

    private readonly Dictionary<string, Kernel> _kernels = [];
    private nint _nothing;

    public abstract DeviceInfo Info { get; }

    /// <summary>Bytes that are free now; -1: the driver does not tell.</summary>
    public abstract long FreeBytes { get; }

    /// <summary>Threads below which a kernel leaves part of the device idle.</summary>
    public abstract int ThreadsWanted { get; }

    /// <summary>Memory for views without elements.</summary>
    internal nint Nothing => _nothing != 0 ? _nothing : _nothing = Allocate(16);

    /// <summary>
    /// Makes this the device of the thread, until what is returned is disposed: then the host program, which may compute on another
    /// card, finds its own again.
    /// </summary>
    public DeviceScope Enter() => new(this, Claim());

    /// <summary>The kernel of that name; compiled by the driver when it is first asked for.</summary>
    public Kernel Load(string name)
    {
        if (!_kernels.TryGetValue(name, out Kernel? kernel))
            _kernels.Add(name, kernel = new(name, Compile(name)));
        return kernel;
    }

    /// <summary>Starts a kernel with at least so many threads.</summary>
    /// <param name="kernel">of this device</param>
    /// <param name="threads">0: nothing is done</param>
    /// <param name="scalars">its first parameter</param>
    /// <param name="views">its arrays, in order</param>
    public void Launch<T>(Kernel kernel, long threads, in T scalars, params ReadOnlySpan<DeviceView> views)
        where T : unmanaged
    {
        if (threads <= 0)
            return;
        long groups = (threads + GroupSize - 1) / GroupSize;
        if (threads > int.MaxValue)
            throw new ArgumentOutOfRangeException(nameof(threads), threads, "more threads than a kernel can number");
        fixed (T* pointer = &scalars)
            Launch(kernel, (int)groups, pointer, sizeof(T), views);
    }

    /// <summary>Waits until everything is done.</summary>
    /// <exception cref="DeviceException">something failed on the way</exception>
    public abstract void Synchronize();

    /// <summary>Marks this place in the queue: see <see cref="Seconds"/>.</summary>
    /// <param name="mark">0 to <see cref="Marks"/> - 1</param>
    public abstract void Mark(int mark);

    /// <summary>Marks that there are.</summary>
    public const int Marks = 2;

    /// <summary>Time between marks 0 and 1 on the device; waits for the second.</summary>
    public abstract double Seconds();

    /// <summary>Host memory that is copied to and from the device fastest; freed with <see cref="FreePinned"/>.</summary>
    public abstract void* AllocatePinned(long bytes);

    public abstract void FreePinned(void* pointer);

    public void Dispose()
    {
        if (_nothing != 0)
            Free(_nothing);
        _nothing = 0;
        Close();
        GC.SuppressFinalize(this);
    }

    /// <summary>Makes the device that of the thread, where drivers have such a thing; returns what was there before. Never throws.</summary>
    private protected virtual nint Claim() => 0;

    /// <summary>Puts back what <see cref="Claim"/> has returned.</summary>
    internal virtual void Leave(nint before)
    {
    }

    internal abstract nint Allocate(long bytes);

    /// <summary>Never throws: what went wrong before shows in the next copy.</summary>
    internal abstract void Free(nint handle);

    internal abstract void Write(nint handle, long offset, void* source, long bytes);

    internal abstract void Read(nint handle, long offset, void* target, long bytes);

    internal abstract void Clear(nint handle, long bytes);

    private protected abstract nint Compile(string name);

    private protected abstract void Launch(Kernel kernel, int groups, void* scalars, int scalarBytes, ReadOnlySpan<DeviceView> views);

    private protected abstract void Close();

    private protected static string Bytes(long bytes) =>
        bytes >= 1 << 30 ? $"{bytes / (double)(1 << 30):f1} GiB" : $"{bytes / (double)(1 << 20):f1} MiB";
}
