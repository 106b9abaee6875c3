using System.Reflection;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace Denoise.KernelCompiler;

/// <summary>Compiles kernels without a device. The same kernels give the same text.</summary>
internal sealed class Compiler : IDisposable
{
    // The oldest that today's drivers and cards (Volta, 2017) take; a driver translates it for the newer ones.
    private static readonly CudaArchitecture Architecture = CudaArchitecture.SM_70;
    private static readonly CudaInstructionSet Instructions = CudaInstructionSet.ISA_70;

    private readonly Context _context;
    private readonly PTXBackend _ptx;
    private readonly CLBackend _openCl;

    public Compiler()
    {
        // Fast: else products and sums are not contracted everywhere.
        _context = Context.Create(builder => builder.Optimize(OptimizationLevel.O2).Inlining(InliningMode.Aggressive)
            .StaticFields(StaticFieldMode.MutableStaticFields).Math(MathMode.Fast).EnableAlgorithms());
        _ptx = new(_context, new CudaCapabilityContext(Architecture), Architecture, Instructions, null);
        _openCl = new(_context, new CLCapabilityContext(true, true, true, true, true), CLDeviceVendor.Other, new CLCVersion(2, 0));
    }

    /// <summary>PTX of an instance; its entry is <c>Kernel_Run</c>.</summary>
    public string Ptx(MethodInfo kernel) => ((PTXCompiledKernel)_ptx.Compile(Entry(kernel), KernelSpecialization.Empty)).PTXAssembly;

    /// <summary>OpenCL C of an instance; its entry is <c>Kernel_Run</c>.</summary>
    public string OpenCl(MethodInfo kernel) =>
        OpenClText.Mend(((CLCompiledKernel)_openCl.Compile(Entry(kernel), KernelSpecialization.Empty)).Source);

    public void Dispose()
    {
        _ptx.Dispose();
        _openCl.Dispose();
        _context.Dispose();
    }

    private static EntryPointDescription Entry(MethodInfo kernel) => EntryPointDescription.FromExplicitlyGroupedKernel(kernel);
}
