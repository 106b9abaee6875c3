namespace Denoise.KernelCompiler;

/// <summary>What compilers of OpenCL C want otherwise than it is generated.</summary>
internal static class OpenClText
{
    public static string Mend(string source) => source
        // Optional extensions that no kernel uses; a device without them would warn or refuse.
        .Replace("#pragma OPENCL EXTENSION cl_khr_fp16 : enable\n", "", StringComparison.Ordinal)
        .Replace("#pragma OPENCL EXTENSION cl_khr_int64_base_atomics : enable\n", "", StringComparison.Ordinal)
        .Replace("#pragma OPENCL EXTENSION cl_khr_int64_extended_atomics : enable\n", "", StringComparison.Ordinal)
        // Every atomic is on an array of 32-bit integers: those of OpenCL 1.2 are there on every device, those of 2.0 are not.
        .Replace("atomic_fetch_add ((atomic_int*)", "atomic_add ((volatile global int*)", StringComparison.Ordinal)
        .Replace("atomic_fetch_max ((atomic_int*)", "atomic_max ((volatile global int*)", StringComparison.Ordinal);
}
