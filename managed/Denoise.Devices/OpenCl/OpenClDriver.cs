using System.Runtime.InteropServices;

namespace Denoise.Devices.OpenCl;

/// <summary>
/// The part of OpenCL that is used, from libOpenCL.so.1, which finds the drivers of a machine; opened when it is first asked for. Names
/// and signatures are those of cl.h.
/// </summary>
internal sealed unsafe class OpenClDriver
{
    private static OpenClDriver? _instance;

    public readonly delegate* unmanaged<uint, nint*, uint*, int> GetPlatformIds;
    public readonly delegate* unmanaged<nint, ulong, uint, nint*, uint*, int> GetDeviceIds;
    public readonly delegate* unmanaged<nint, uint, nuint, void*, nuint*, int> GetDeviceInfo;
    public readonly delegate* unmanaged<nint*, uint, nint*, nint, nint, int*, nint> CreateContext;
    public readonly delegate* unmanaged<nint, nint, ulong, int*, nint> CreateCommandQueue;
    public readonly delegate* unmanaged<nint, ulong, nuint, void*, int*, nint> CreateBuffer;
    public readonly delegate* unmanaged<nint, uint, byte**, nuint*, int*, nint> CreateProgramWithSource;
    public readonly delegate* unmanaged<nint, uint, nint*, byte*, nint, nint, int> BuildProgram;
    public readonly delegate* unmanaged<nint, nint, uint, nuint, void*, nuint*, int> GetProgramBuildInfo;
    public readonly delegate* unmanaged<nint, byte*, int*, nint> CreateKernel;
    public readonly delegate* unmanaged<nint, uint, nuint, void*, int> SetKernelArg;
    public readonly delegate* unmanaged<nint, nint, uint, nuint*, nuint*, nuint*, uint, nint*, nint*, int> EnqueueNDRangeKernel;
    public readonly delegate* unmanaged<nint, nint, uint, nuint, nuint, void*, uint, nint*, nint*, int> EnqueueWriteBuffer;
    public readonly delegate* unmanaged<nint, nint, uint, nuint, nuint, void*, uint, nint*, nint*, int> EnqueueReadBuffer;
    public readonly delegate* unmanaged<nint, nint, void*, nuint, nuint, nuint, uint, nint*, nint*, int> EnqueueFillBuffer;
    public readonly delegate* unmanaged<nint, int> Finish;
    public readonly delegate* unmanaged<nint, int> Flush;
    public readonly delegate* unmanaged<nint, int> ReleaseMemObject;
    public readonly delegate* unmanaged<nint, int> ReleaseKernel;
    public readonly delegate* unmanaged<nint, int> ReleaseProgram;
    public readonly delegate* unmanaged<nint, int> ReleaseCommandQueue;
    public readonly delegate* unmanaged<nint, int> ReleaseContext;

    private OpenClDriver(nint library)
    {
        nint Find(string name) => NativeLibrary.GetExport(library, name);
        GetPlatformIds = (delegate* unmanaged<uint, nint*, uint*, int>)Find("clGetPlatformIDs");
        GetDeviceIds = (delegate* unmanaged<nint, ulong, uint, nint*, uint*, int>)Find("clGetDeviceIDs");
        GetDeviceInfo = (delegate* unmanaged<nint, uint, nuint, void*, nuint*, int>)Find("clGetDeviceInfo");
        CreateContext = (delegate* unmanaged<nint*, uint, nint*, nint, nint, int*, nint>)Find("clCreateContext");
        CreateCommandQueue = (delegate* unmanaged<nint, nint, ulong, int*, nint>)Find("clCreateCommandQueue");
        CreateBuffer = (delegate* unmanaged<nint, ulong, nuint, void*, int*, nint>)Find("clCreateBuffer");
        CreateProgramWithSource = (delegate* unmanaged<nint, uint, byte**, nuint*, int*, nint>)Find("clCreateProgramWithSource");
        BuildProgram = (delegate* unmanaged<nint, uint, nint*, byte*, nint, nint, int>)Find("clBuildProgram");
        GetProgramBuildInfo = (delegate* unmanaged<nint, nint, uint, nuint, void*, nuint*, int>)Find("clGetProgramBuildInfo");
        CreateKernel = (delegate* unmanaged<nint, byte*, int*, nint>)Find("clCreateKernel");
        SetKernelArg = (delegate* unmanaged<nint, uint, nuint, void*, int>)Find("clSetKernelArg");
        EnqueueNDRangeKernel =
            (delegate* unmanaged<nint, nint, uint, nuint*, nuint*, nuint*, uint, nint*, nint*, int>)Find("clEnqueueNDRangeKernel");
        EnqueueWriteBuffer =
            (delegate* unmanaged<nint, nint, uint, nuint, nuint, void*, uint, nint*, nint*, int>)Find("clEnqueueWriteBuffer");
        EnqueueReadBuffer =
            (delegate* unmanaged<nint, nint, uint, nuint, nuint, void*, uint, nint*, nint*, int>)Find("clEnqueueReadBuffer");
        EnqueueFillBuffer =
            (delegate* unmanaged<nint, nint, void*, nuint, nuint, nuint, uint, nint*, nint*, int>)Find("clEnqueueFillBuffer");
        Finish = (delegate* unmanaged<nint, int>)Find("clFinish");
        Flush = (delegate* unmanaged<nint, int>)Find("clFlush");
        ReleaseMemObject = (delegate* unmanaged<nint, int>)Find("clReleaseMemObject");
        ReleaseKernel = (delegate* unmanaged<nint, int>)Find("clReleaseKernel");
        ReleaseProgram = (delegate* unmanaged<nint, int>)Find("clReleaseProgram");
        ReleaseCommandQueue = (delegate* unmanaged<nint, int>)Find("clReleaseCommandQueue");
        ReleaseContext = (delegate* unmanaged<nint, int>)Find("clReleaseContext");
    }

    /// <summary>The loader of OpenCL's drivers.</summary>
    /// <param name="problem">why there is none</param>
    public static OpenClDriver? Open(out string problem)
    {
        problem = "";
        if (_instance is not null)
            return _instance;
        if (!NativeLibrary.TryLoad("libOpenCL.so.1", out nint library))
        {
            problem = "there is no OpenCL (libOpenCL.so.1)";
            return null;
        }

        try
        {
            return _instance = new(library);
        }
        catch (EntryPointNotFoundException missing)
        {
            problem = $"the OpenCL loader is too old ({missing.Message})";
            return null;
        }
    }
}
