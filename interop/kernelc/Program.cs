using System.Reflection;
using Denoise.KernelCompiler;

// kernelc FOLDER: writes NAME.ptx and NAME.cl of every kernel and checks them. A file that would not change is left alone.
string folder = Directory.CreateDirectory(args[0]).FullName;
int failures = 0;
using var compiler = new Compiler();
PtxAssembler? assembler = PtxAssembler.Find();
if (assembler is null)
    Console.WriteLine("kernelc: no ptxas on PATH, so that spills are not looked for");
foreach ((string name, Type kernel, Type[] constants) in KernelCatalog.All())
{
    MethodInfo method = kernel.GetMethod("Run")!;
    if (constants.Length > 0)
        method = method.MakeGenericMethod(constants);
    string ptx = compiler.Ptx(method), path = Write(name + ".ptx", ptx), resources = string.Empty;
    Write(name + ".cl", compiler.OpenCl(method));
    string? problem = ptx.Contains(".extern", StringComparison.Ordinal)
        ? "it calls what no module has" : assembler?.Check(path, out resources);
    if (resources.Length > 0)
        Console.WriteLine($"kernelc: {name}: {resources}");
    if (problem is null)
        continue;
    Console.Error.WriteLine($"kernelc: {name}: {problem}");
    failures++;
}

return failures == 0 ? 0 : 1;

string Write(string name, string text)
{
    string path = Path.Combine(folder, name);
    if (!File.Exists(path) || File.ReadAllText(path) != text)
        File.WriteAllText(path, text);
    return path;
}
