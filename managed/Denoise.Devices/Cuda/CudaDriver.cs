using System.Runtime.InteropServices;

namespace Denoise.Devices.Cuda;

/// <summary>
/// The part of the CUDA driver's interface that is used, from libcuda.so.1, which comes with the card's driver; opened when it is first
/// asked for. Names and signatures are those of cuda.h, with the suffix _v2 where the driver has one.
/// </summary>
internal sealed unsafe class CudaDriver
{
    public const int OutOfMemory = 2;

    private static CudaDriver? _instance;

    private readonly delegate* unmanaged<int, byte**, int> _getErrorString;
    public readonly delegate* unmanaged<uint, int> Init;
    public readonly delegate* unmanaged<int*, int> DriverGetVersion;
    public readonly delegate* unmanaged<int*, int> DeviceGetCount;
    public readonly delegate* unmanaged<int*, int, int> DeviceGet;
    public readonly delegate* unmanaged<byte*, int, int, int> DeviceGetName;
    public readonly delegate* unmanaged<nuint*, int, int> DeviceTotalMem;
    public readonly delegate* unmanaged<int*, int, int, int> DeviceGetAttribute;
    public readonly delegate* unmanaged<nint*, int, int> PrimaryCtxRetain;
    public readonly delegate* unmanaged<int, int> PrimaryCtxRelease;
    public readonly delegate* unmanaged<nint, int> CtxSetCurrent;
    public readonly delegate* unmanaged<nint*, int> CtxGetCurrent;
    public readonly delegate* unmanaged<int*, int> CtxGetDevice;
    public readonly delegate* unmanaged<nuint*, nuint*, int> MemGetInfo;
    public readonly delegate* unmanaged<nint*, nuint, int> MemAlloc;
    public readonly delegate* unmanaged<nint, int> MemFree;
    public readonly delegate* unmanaged<void**, nuint, uint, int> MemHostAlloc;
    public readonly delegate* unmanaged<void*, int> MemFreeHost;
    public readonly delegate* unmanaged<nint, void*, nuint, nint, int> MemcpyHtoDAsync;
    public readonly delegate* unmanaged<void*, nint, nuint, nint, int> MemcpyDtoHAsync;
    public readonly delegate* unmanaged<nint, byte, nuint, nint, int> MemsetD8Async;
    public readonly delegate* unmanaged<nint*, byte*, uint, int*, void**, int> ModuleLoadDataEx;
    public readonly delegate* unmanaged<nint*, nint, byte*, int> ModuleGetFunction;
    public readonly delegate* unmanaged<nint, int> ModuleUnload;
    public readonly delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, int> LaunchKernel;
    public readonly delegate* unmanaged<nint*, uint, int> StreamCreate;
    public readonly delegate* unmanaged<nint, int> StreamDestroy;
    public readonly delegate* unmanaged<nint, int> StreamSynchronize;
    public readonly delegate* unmanaged<nint*, uint, int> EventCreate;
    public readonly delegate* unmanaged<nint, nint, int> EventRecord;
    public readonly delegate* unmanaged<nint, int> EventSynchronize;
    public readonly delegate* unmanaged<float*, nint, nint, int> EventElapsedTime;
    public readonly delegate* unmanaged<nint, int> EventDestroy;

    private CudaDriver(nint library)
    {
        nint Find(string name) => NativeLibrary.GetExport(library, name);
        _getErrorString = (delegate* unmanaged<int, byte**, int>)Find("cuGetErrorString");
        Init = (delegate* unmanaged<uint, int>)Find("cuInit");
        DriverGetVersion = (delegate* unmanaged<int*, int>)Find("cuDriverGetVersion");
        DeviceGetCount = (delegate* unmanaged<int*, int>)Find("cuDeviceGetCount");
        DeviceGet = (delegate* unmanaged<int*, int, int>)Find("cuDeviceGet");
        DeviceGetName = (delegate* unmanaged<byte*, int, int, int>)Find("cuDeviceGetName");
        DeviceTotalMem = (delegate* unmanaged<nuint*, int, int>)Find("cuDeviceTotalMem_v2");
        DeviceGetAttribute = (delegate* unmanaged<int*, int, int, int>)Find("cuDeviceGetAttribute");
        PrimaryCtxRetain = (delegate* unmanaged<nint*, int, int>)Find("cuDevicePrimaryCtxRetain");
        PrimaryCtxRelease = (delegate* unmanaged<int, int>)Find("cuDevicePrimaryCtxRelease_v2");
        CtxSetCurrent = (delegate* unmanaged<nint, int>)Find("cuCtxSetCurrent");
        CtxGetCurrent = (delegate* unmanaged<nint*, int>)Find("cuCtxGetCurrent");
        CtxGetDevice = (delegate* unmanaged<int*, int>)Find("cuCtxGetDevice");
        MemGetInfo = (delegate* unmanaged<nuint*, nuint*, int>)Find("cuMemGetInfo_v2");
        MemAlloc = (delegate* unmanaged<nint*, nuint, int>)Find("cuMemAlloc_v2");
        MemFree = (delegate* unmanaged<nint, int>)Find("cuMemFree_v2");
        MemHostAlloc = (delegate* unmanaged<void**, nuint, uint, int>)Find("cuMemHostAlloc");
        MemFreeHost = (delegate* unmanaged<void*, int>)Find("cuMemFreeHost");
        MemcpyHtoDAsync = (delegate* unmanaged<nint, void*, nuint, nint, int>)Find("cuMemcpyHtoDAsync_v2");
        MemcpyDtoHAsync = (delegate* unmanaged<void*, nint, nuint, nint, int>)Find("cuMemcpyDtoHAsync_v2");
        MemsetD8Async = (delegate* unmanaged<nint, byte, nuint, nint, int>)Find("cuMemsetD8Async");
        ModuleLoadDataEx = (delegate* unmanaged<nint*, byte*, uint, int*, void**, int>)Find("cuModuleLoadDataEx");
        ModuleGetFunction = (delegate* unmanaged<nint*, nint, byte*, int>)Find("cuModuleGetFunction");
        ModuleUnload = (delegate* unmanaged<nint, int>)Find("cuModuleUnload");
        LaunchKernel =
            (delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, int>)Find("cuLaunchKernel");
        StreamCreate = (delegate* unmanaged<nint*, uint, int>)Find("cuStreamCreate");
        StreamDestroy = (delegate* unmanaged<nint, int>)Find("cuStreamDestroy_v2");
        StreamSynchronize = (delegate* unmanaged<nint, int>)Find("cuStreamSynchronize");
        EventCreate = (delegate* unmanaged<nint*, uint, int>)Find("cuEventCreate");
        EventRecord = (delegate* unmanaged<nint, nint, int>)Find("cuEventRecord");
        EventSynchronize = (delegate* unmanaged<nint, int>)Find("cuEventSynchronize");
        EventElapsedTime = (delegate* unmanaged<float*, nint, nint, int>)Find("cuEventElapsedTime");
        EventDestroy = (delegate* unmanaged<nint, int>)Find("cuEventDestroy_v2");
    }

    /// <summary>The driver, initialized.</summary>
    /// <param name="problem">why there is none</param>
    public static CudaDriver? Open(out string problem)
    {
        problem = "";
        if (_instance is not null)
            return _instance;
        if (!NativeLibrary.TryLoad("libcuda.so.1", out nint library))
        {
            problem = "there is no NVIDIA driver (libcuda.so.1)";
            return null;
        }

        CudaDriver driver;
        try
        {
            driver = new(library);
        }
        catch (EntryPointNotFoundException missing)
        {
            problem = $"the NVIDIA driver is too old ({missing.Message})";
            return null;
        }

        int code = driver.Init(0);
        if (code != 0)
        {
            problem = $"the NVIDIA driver does not start ({driver.Text(code)})";
            return null;
        }

        return _instance = driver;
    }

    /// <summary>The driver's words for a status.</summary>
    public string Text(int code)
    {
        byte* text = null;
        return _getErrorString(code, &text) == 0 && text != null ? Marshal.PtrToStringUTF8((nint)text)! : $"status {code}";
    }
}
