using Denoise.Bindings;

// usage: Denoise.Bindings ROOT [--check] [--clang PROGRAM]
// Writes the generated files below ROOT; with --check compares instead and exits with 1 where one differs.
const string Prefix = "dn_";
const string NameSpace = "Denoise.InSitu.Native";

string? root = args.FirstOrDefault(a => !a.StartsWith('-'));
if (root is null)
{
    Console.Error.WriteLine("usage: Denoise.Bindings ROOT [--check] [--clang PROGRAM]");
    return 2;
}

int clangAt = Array.IndexOf(args, "--clang");
string program = clangAt >= 0 && clangAt + 1 < args.Length ? args[clangAt + 1] : "clang";
HeaderModel header = new HeaderReader(new Clang(program), Prefix).Read(Path.Combine(root, "interop/include/denoise_insitu.h"));

(string Path, string Text)[] outputs =
[
    ("interop/Denoise.InSitu.Native/Generated/Bindings.g.cs", BindingsWriter.Write(header, NameSpace)),
    ("interop/Denoise.InSitu.Native/Generated/Exports.g.cs", ExportsWriter.Write(header, NameSpace, Prefix)),
    ("interop/Denoise.InSitu.Native/Generated/exports.txt", ExportsWriter.Symbols(header)),
    ("interop/python/denoise_insitu/_bindings.py", new PythonWriter(header).Write()),
    ("tests/abi/layout.g.h", LayoutAssertsWriter.Write(header)),
];

int stale = 0;
foreach (var (path, text) in outputs)
{
    string file = Path.Combine(root, path);
    if (File.Exists(file) && File.ReadAllText(file) == text)
        continue;
    if (args.Contains("--check"))
    {
        Console.Error.WriteLine($"{path} does not match {header.FileName}: run interop/generate.sh and commit the result.");
        stale++;
        continue;
    }

    Directory.CreateDirectory(Path.GetDirectoryName(file)!);
    File.WriteAllText(file, text);
    Console.WriteLine($"wrote {path}");
}

return stale == 0 ? 0 : 1;
