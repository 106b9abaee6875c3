namespace Denoise.Devices;

/// <summary>Which driver runs the kernels.</summary>
public enum DeviceKind
{
    /// <summary>An NVIDIA card, by the CUDA driver (libcuda.so.1).</summary>
    Cuda,

    /// <summary>Anything else, by an OpenCL driver (libOpenCL.so.1).</summary>
    OpenCl,
}
