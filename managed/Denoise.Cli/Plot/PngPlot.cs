using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Denoise.Atoms;

namespace Denoise.Cli.Plot;

/// <summary>
/// A plot as PNG: the SVG, drawn by librsvg with cairo, which every desktop and most clusters have. They are opened when a PNG is asked
/// for, so that the program needs them for nothing else.
/// </summary>
internal static unsafe partial class PngPlot
{
    /// <summary>Within the first bytes, by which an earlier plot is known.</summary>
    public const string Mark = "denoise plot";

    /// <summary>Pixels per pixel of the SVG: 288 to the inch, as journals want them.</summary>
    public const int Scale = 3;

    /// <summary>Width or height of an SVG whose PNG, of four bytes per pixel, takes 144 MB of memory at most.</summary>
    public const int Largest = 2000;

    private const int Rgb24 = 1;

    /// <summary>Signature and header, in bytes.</summary>
    private const int HeaderLength = 33;

    // Length, kind, text and checksum (CRC-32) of a chunk that says who made it.
    private static readonly byte[] Software = [.. "\0\0\0\u0015tEXtSoftware\0denoise plot"u8, 0xB8, 0xA4, 0x2F, 0xFC];

    /// <param name="svg">of SvgPlot</param>
    /// <param name="width">of the SVG, in its pixels</param>
    /// <param name="height">the same</param>
    /// <exception cref="InputException">the libraries are missing</exception>
    public static byte[] Draw(string svg, int width, int height)
    {
        try
        {
            return Marked(Paint(Encoding.UTF8.GetBytes(svg), width, height));
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException)
        {
            throw new InputException("a PNG file needs librsvg 2.46 or later and cairo, which this machine lacks (Debian: apt-get install " +
                "librsvg2-2; Red Hat: dnf install librsvg2); install them, or give a name that ends with .svg.");
        }
    }

    private static MemoryStream Paint(byte[] svg, int width, int height)
    {
        nint surface = CreateSurface(Rgb24, Scale * width, Scale * height), pen = 0, picture = 0;
        try
        {
            pen = CreatePen(surface);
            fixed (byte* bytes = svg)
                picture = Parse(bytes, (nuint)svg.Length, 0);
            Rectangle all = new(0, 0, Scale * width, Scale * height);
            if (picture == 0 || !Render(picture, pen, &all, 0))
                throw new InputException("librsvg could not draw the plot; give a name that ends with .svg.");
            MemoryStream png = new();
            GCHandle target = GCHandle.Alloc(png);
            try
            {
                int status = Encode(surface, &Write, GCHandle.ToIntPtr(target));
                return status == 0 ? png : throw new InputException("cairo could not write the plot; give a name that ends with .svg.");
            }
            finally
            {
                target.Free();
            }
        }
        finally
        {
            if (picture != 0)
                Release(picture);
            if (pen != 0)
                DestroyPen(pen);
            DestroySurface(surface);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Write(nint target, byte* bytes, uint length)
    {
        ((MemoryStream)GCHandle.FromIntPtr(target).Target!).Write(new ReadOnlySpan<byte>(bytes, (int)length));
        return 0;
    }

    private static byte[] Marked(MemoryStream png)
    {
        ReadOnlySpan<byte> all = png.GetBuffer().AsSpan(0, (int)png.Length);
        return [.. all[..HeaderLength], .. Software, .. all[HeaderLength..]];
    }

    private readonly record struct Rectangle(double X, double Y, double Width, double Height);

    private const string Cairo = "libcairo.so.2", Rsvg = "librsvg-2.so.2", Objects = "libgobject-2.0.so.0";

    [LibraryImport(Cairo, EntryPoint = "cairo_image_surface_create")]
    private static partial nint CreateSurface(int format, int width, int height);

    [LibraryImport(Cairo, EntryPoint = "cairo_create")]
    private static partial nint CreatePen(nint surface);

    [LibraryImport(Cairo, EntryPoint = "cairo_surface_write_to_png_stream")]
    private static partial int Encode(nint surface, delegate* unmanaged[Cdecl]<nint, byte*, uint, int> write, nint target);

    [LibraryImport(Cairo, EntryPoint = "cairo_destroy")]
    private static partial void DestroyPen(nint pen);

    [LibraryImport(Cairo, EntryPoint = "cairo_surface_destroy")]
    private static partial void DestroySurface(nint surface);

    [LibraryImport(Rsvg, EntryPoint = "rsvg_handle_new_from_data")]
    private static partial nint Parse(byte* bytes, nuint length, nint error);

    [LibraryImport(Rsvg, EntryPoint = "rsvg_handle_render_document")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool Render(nint picture, nint pen, Rectangle* viewport, nint error);

    [LibraryImport(Objects, EntryPoint = "g_object_unref")]
    private static partial void Release(nint instance);
}
