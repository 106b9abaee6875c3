using Denoise.Atoms.Memory;

namespace Denoise.Devices;

/// <summary>
/// A growable array in a device's memory. Like <see cref="NativeBuffer{T}"/> it never shrinks, and its content is
/// undefined where it had to grow.
/// </summary>
/// <typeparam name="T">element type</typeparam>
/// <param name="device">borrowed</param>
public sealed unsafe class DeviceMemory<T>(Device device) : IDisposable
    where T : unmanaged
{
    private nint _handle;
    private long _capacity;

    /// <summary>Elements in use.</summary>
    public long Length { get; private set; }

    /// <summary>Bytes held, used or not.</summary>
    public long CapacityBytes => _capacity * sizeof(T);

    /// <summary>All elements in use.</summary>
    public DeviceView View => new(Handle, 0, Length, sizeof(T));

    /// <summary>The elements in use, as elements of another type; for kernels that load several at once.</summary>
    public DeviceView As<TOther>()
        where TOther : unmanaged => new(Handle, 0, Length * sizeof(T) / sizeof(TOther), sizeof(TOther));

    /// <summary>Sets the length; the content is undefined where the array had to grow.</summary>
    /// <exception cref="DeviceMemoryException">there is too little memory</exception>
    public void Resize(long length)
    {
        if (length > _capacity)
        {
            long capacity = _capacity == 0 ? length : length + length / 10;
            Free();
            _handle = device.Allocate(capacity * sizeof(T));
            _capacity = capacity;
        }

        Length = length;
    }

    /// <summary>Sets the length and keeps the content: where the array has to grow, by way of the host.</summary>
    /// <exception cref="DeviceMemoryException">there is too little memory</exception>
    public void Grow(long length)
    {
        if (length <= _capacity)
        {
            Length = length;
            return;
        }

        using NativeBuffer<T> content = new(Length);
        Read(content.Pointer, content.Length);
        Resize(length);
        Write(content.Pointer, content.Length);
    }

    /// <summary>Copies from the host, and waits until the source may change.</summary>
    public void Write(ReadOnlySpan<T> source, long first = 0)
    {
        fixed (T* pointer = source)
            Write(pointer, source.Length, first);
    }

    /// <inheritdoc cref="Write(ReadOnlySpan{T}, long)"/>
    public void Write(T* source, long count, long first = 0)
    {
        CheckRange(first, count);
        if (count > 0)
            device.Write(_handle, first * sizeof(T), source, count * sizeof(T));
    }

    /// <summary>Copies to the host after all kernels launched before, and waits.</summary>
    public void Read(T* target, long count, long first = 0)
    {
        CheckRange(first, count);
        if (count > 0)
            device.Read(_handle, first * sizeof(T), target, count * sizeof(T));
    }

    /// <inheritdoc cref="Read(T*, long, long)"/>
    public void Read(Span<T> target, long first = 0)
    {
        fixed (T* pointer = target)
            Read(pointer, target.Length, first);
    }

    /// <summary>Sets all bytes in use to zero, in order with the kernels.</summary>
    public void Clear()
    {
        if (Length > 0)
            device.Clear(_handle, Length * sizeof(T));
    }

    public void Dispose() => Free();

    // A kernel wants a pointer also where it reads nothing.
    private nint Handle => _handle != 0 ? _handle : device.Nothing;

    private void CheckRange(long first, long count)
    {
        if (first < 0 || count < 0 || first + count > Length)
            throw new ArgumentOutOfRangeException(nameof(count), $"{count} elements from {first} on, of {Length}");
    }

    private void Free()
    {
        if (_handle != 0)
            device.Free(_handle);
        (_handle, _capacity, Length) = (0, 0, 0);
    }
}
