using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Denoise.Atoms.Memory;

/// <summary>
/// A growable array in native memory, aligned to a cache line: what the hot path keeps between frames. It never shrinks, so
/// that after the first frame of a run nothing is allocated; the garbage collector never sees or moves it.
/// </summary>
/// <typeparam name="T">element type</typeparam>
public sealed unsafe class NativeBuffer<T> : IDisposable
    where T : unmanaged
{
    private const nuint Alignment = 64;

    private T* _pointer;
    private nuint _capacity;

    public NativeBuffer() { }

    public NativeBuffer(long length) => Resize(length);

    ~NativeBuffer() => Free();

    /// <summary>Number of elements in use.</summary>
    public long Length { get; private set; }

    /// <summary>First element; valid until the next <see cref="Resize"/>, <see cref="Grow"/> or <see cref="Dispose"/>.</summary>
    public T* Pointer => _pointer;

    /// <summary>Bytes held, used or not.</summary>
    public long CapacityBytes => (long)_capacity * sizeof(T);

    /// <summary>The elements in use, as memory; valid as long as <see cref="Pointer"/>.</summary>
    public MemoryBlock Block => new((nint)_pointer, Length * sizeof(T));

    public Span<T> Span => new(_pointer, checked((int)Length));

    public ref T this[long index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _pointer[index];
    }

    /// <summary>Sets the length; the content is undefined where the buffer had to grow. Never shrinks the memory held.</summary>
    public void Resize(long length)
    {
        if ((nuint)length > _capacity)
        {
            // A tenth more than asked for: the number of atoms of a rank drifts, and drifting must not allocate every frame.
            nuint capacity = (nuint)length + (nuint)length / 10 + 16;
            NativeMemory.AlignedFree(_pointer);
            _pointer = null;
            _capacity = 0;
            _pointer = (T*)NativeMemory.AlignedAlloc(checked(capacity * (nuint)sizeof(T)), Alignment);
            _capacity = capacity;
        }

        Length = length;
    }

    /// <summary>Sets the length and keeps the content up to the smaller of both lengths.</summary>
    public void Grow(long length)
    {
        if ((nuint)length > _capacity)
        {
            nuint capacity = (nuint)length + (nuint)length / 2 + 16;
            _pointer = (T*)NativeMemory.AlignedRealloc(_pointer, checked(capacity * (nuint)sizeof(T)), Alignment);
            _capacity = capacity;
        }

        Length = length;
    }

    public void Clear() => NativeMemory.Clear(_pointer, (nuint)Length * (nuint)sizeof(T));

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(_pointer);
        _pointer = null;
        _capacity = 0;
        Length = 0;
    }
}
