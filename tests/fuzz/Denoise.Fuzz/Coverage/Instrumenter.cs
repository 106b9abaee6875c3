using System.Globalization;
using Denoise.Fuzz.Running;
using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace Denoise.Fuzz.Coverage;

/// <summary>
/// Copies this program and puts a counter at the start of every basic block of the code under test:
/// <code>CoverageMap.Hits[block]++</code>
/// </summary>
internal static class Instrumenter
{
    public const string CountFile = "blocks.txt";

    // Where what is read is taken apart and judged. Not the kernels, whose loops have few branches and many turns.
    private static readonly (string Assembly, string Namespaces)[] UnderTest =
    [
        ("Denoise.Atoms", "Denoise.Atoms"),
        ("Denoise.Trajectories", "Denoise.Trajectories"),
        ("Denoise.Networks", "Denoise.Networks.Checkpoints"),
        ("Denoise.Networks", "Denoise.Networks.Models"),
        ("Denoise.Networks", "Denoise.Networks.Equivariance"),
        ("Denoise.InSitu", "Denoise.InSitu"),
        ("libdenoise_insitu", "Denoise.InSitu.Native"),
        ("denoise", "Denoise.Cli.CommandLine"),
        ("denoise", "Denoise.Cli.Analysis"),
    ];

    /// <summary>Makes <see cref="Folders.Instrumented"/>; returns how many blocks there are.</summary>
    public static int Run()
    {
        Directory.CreateDirectory(Folders.Instrumented);
        foreach (string file in Directory.GetFiles(AppContext.BaseDirectory))
            File.Copy(file, Path.Combine(Folders.Instrumented, Path.GetFileName(file)), overwrite: true);

        int blocks = 0;
        using DefaultAssemblyResolver resolver = new();
        resolver.AddSearchDirectory(AppContext.BaseDirectory);
        using AssemblyDefinition fuzz = AssemblyDefinition.ReadAssembly(Path.Combine(AppContext.BaseDirectory, "Denoise.Fuzz.dll"));
        FieldDefinition hits = fuzz.MainModule.GetType(typeof(CoverageMap).FullName).Fields.Single(f => f.Name == nameof(CoverageMap.Hits));
        foreach (var assembly in UnderTest.GroupBy(entry => entry.Assembly, entry => entry.Namespaces))
            blocks = Instrument(assembly.Key, [.. assembly], hits, resolver, blocks);
        if (blocks > CoverageMap.Capacity)
            throw new InvalidOperationException($"{blocks} blocks are more than CoverageMap.Capacity");
        File.WriteAllText(Path.Combine(Folders.Instrumented, CountFile), blocks.ToString(CultureInfo.InvariantCulture));
        return blocks;
    }

    private static int Instrument(string assembly, string[] namespaces, FieldDefinition hits, IAssemblyResolver resolver, int blocks)
    {
        string file = assembly + ".dll";
        using ModuleDefinition module = ModuleDefinition.ReadModule(
            Path.Combine(AppContext.BaseDirectory, file), new ReaderParameters { AssemblyResolver = resolver });
        FieldReference counter = module.ImportReference(hits);
        foreach (TypeDefinition type in module.GetAllTypes())
            if (IsUnderTest(type, namespaces))
                foreach (MethodDefinition method in type.Methods)
                    if (method.HasBody)
                        blocks = Instrument(method.Body, counter, blocks);
        module.Write(Path.Combine(Folders.Instrumented, file));
        return blocks;
    }

    private static bool IsUnderTest(TypeDefinition type, string[] namespaces)
    {
        TypeDefinition outer = type;
        while (outer.DeclaringType is { } declaring)
            outer = declaring;
        return namespaces.Any(name => outer.Namespace == name || outer.Namespace.StartsWith(name + '.', StringComparison.Ordinal));
    }

    private static int Instrument(MethodBody body, FieldReference counter, int blocks)
    {
        body.SimplifyMacros();
        ILProcessor il = body.GetILProcessor();
        foreach (Instruction leader in Leaders(body))
        {
            // The leader's own object becomes the first of the new instructions, so that everything that points at it runs them.
            Instruction original = il.Create(OpCodes.Nop);
            (original.OpCode, original.Operand) = (leader.OpCode, leader.Operand);
            (leader.OpCode, leader.Operand) = (OpCodes.Ldsfld, counter);
            Instruction last = leader;
            foreach (Instruction next in new[]
            {
                il.Create(OpCodes.Ldc_I4, blocks++), il.Create(OpCodes.Add), il.Create(OpCodes.Dup), il.Create(OpCodes.Ldind_U1),
                il.Create(OpCodes.Ldc_I4, 1), il.Create(OpCodes.Add), il.Create(OpCodes.Conv_U1), il.Create(OpCodes.Stind_I1), original,
            })
            {
                il.InsertAfter(last, next);
                last = next;
            }
        }

        body.OptimizeMacros();
        return blocks;
    }

    /// <summary>First instructions of basic blocks: of the method, of handlers, where jumps lead, and behind conditional ones.</summary>
    private static HashSet<Instruction> Leaders(MethodBody body)
    {
        HashSet<Instruction> leaders = [body.Instructions[0]];
        foreach (Instruction instruction in body.Instructions)
        {
            if (instruction.Operand is Instruction target)
                leaders.Add(target);
            foreach (Instruction branch in instruction.Operand as Instruction[] ?? [])
                leaders.Add(branch);
            if (instruction.OpCode.FlowControl == FlowControl.Cond_Branch && instruction.Next is { } next)
                leaders.Add(next);
        }

        foreach (ExceptionHandler handler in body.ExceptionHandlers)
            leaders.Add(handler.HandlerStart);
        return leaders;
    }
}
