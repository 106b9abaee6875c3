using System.Text;
using Denoise.Atoms;
using Denoise.InSitu.Native;

namespace Denoise.InSitu.Tests;

/// <summary>Frames after the first of a size allocate nothing, on any thread. Alone, because bytes are counted over all threads.</summary>
[Collection(nameof(AloneCollection))]
public sealed unsafe class AllocationTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Caller_of_a_session(bool someAreHidden)
    {
        TestCrystal crystal = TestCrystal.Create(StructureType.Fcc, 2.7, 14).Rattled(0.15, 2);
        int[] types = [.. Enumerable.Range(0, crystal.Count).Select(i => someAreHidden && i % 7 == 0 ? 2 : 1)];
        using Session session = new(new() { Model = Metals.Model, Elements = ["Cu", "NULL"], MaxIterations = 4 });
        void Process() =>
            session.Process(new() { LocalCount = crystal.Count, Positions = crystal.Positions, Types = types, Box = crystal.Box });
        Assert.Equal(0, Allocations.AfterTheFirst(Process, frames: 1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Names_by_the_model(int iterations)
    {
        TestCrystal crystal = TestCrystal.Create(StructureType.Fcc, 2.7, 8).Rattled(0.15, 2);
        SessionOptions options = new() { Model = Metals.NamingModel, Classification = Classification.Model, MaxIterations = iterations };
        using Session session = new(options);
        void Process() => session.Process(new() { LocalCount = crystal.Count, Positions = crystal.Positions, Box = crystal.Box });
        Assert.Equal(0, Allocations.AfterTheFirst(Process, frames: 1));
    }

    [Fact]
    public void Workers_of_a_session()
    {
        TestCrystal crystal = TestCrystal.Create(StructureType.Fcc, 2.7, 8).Rattled(0.15, 2);
        using Session session = new(new() { Model = Metals.Model, Threads = 2, MaxIterations = 1 });
        FrameInput frame = new() { LocalCount = crystal.Count, Positions = crystal.Positions, Box = crystal.Box };
        session.Process(frame);
        // Bytes of all threads; timers of the test host add some every few frames, so one frame in a hundred must be without.
        long least = long.MaxValue;
        for (int k = 0; k < 100 && least > 0; k++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            session.Process(frame);
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        Assert.Equal(0, least);
    }

    [Fact]
    public void C_call()
    {
        TestCrystal crystal = TestCrystal.Create(StructureType.Fcc, 2.7, 14).Rattled(0.15, 2);
        delegate* unmanaged[Cdecl]<DnSessionOptions*, DnHost*, ulong*, int> create = &Exports.SessionCreate;
        delegate* unmanaged[Cdecl]<ulong, DnFrame*, DnResult*, int> process = &Exports.SessionProcess;
        delegate* unmanaged[Cdecl]<ulong, int> destroy = &Exports.SessionDestroy;
        ulong session = 0;
        fixed (byte* path = Encoding.UTF8.GetBytes(Metals.Path + "\0"))
        fixed (double* positions = crystal.Positions)
        {
            DnSessionOptions options = new() { StructSize = (nuint)sizeof(DnSessionOptions), ModelPath = path, MaxIterations = 4 };
            Assert.Equal(Dn.DN_OK, create(&options, null, &session));
            DnFrame frame = new() { StructSize = (nuint)sizeof(DnFrame), NLocal = crystal.Count, Positions = positions };
            (frame.Cell[0], frame.Cell[4], frame.Cell[8]) = (crystal.Box.A.X, crystal.Box.B.Y, crystal.Box.C.Z);
            (frame.Periodic[0], frame.Periodic[1], frame.Periodic[2]) = (1, 1, 1);
            DnResult result = new() { StructSize = (nuint)sizeof(DnResult) };
            Assert.Equal(Dn.DN_OK, process(session, &frame, &result));
            Assert.Equal(crystal.Count, result.Counts[Dn.DN_STRUCTURE_FCC]);
            ulong handle = session;
            DnFrame* input = &frame;
            DnResult* output = &result;
            Assert.Equal(0, Allocations.AfterTheFirst(() => process(handle, input, output), frames: 1));
        }

        Assert.Equal(Dn.DN_OK, destroy(session));
        Assert.Equal(Dn.DN_ERROR_HANDLE, destroy(session));
    }
}
