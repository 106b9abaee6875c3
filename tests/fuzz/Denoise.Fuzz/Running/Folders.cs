namespace Denoise.Fuzz.Running;

/// <summary>Where things are.</summary>
internal static class Folders
{
    public static string Repository { get; } = Find();

    /// <summary>The inputs to begin with, and those that once failed: one folder per target.</summary>
    public static string Seeds(string target) => Path.Combine(Repository, "tests", "fuzz", "corpus", target);

    /// <summary>Everything that runs leave behind.</summary>
    public static string Work { get; } = Path.Combine(Repository, "build", "fuzz");

    public static string Findings { get; } = Path.Combine(Work, "findings");

    /// <summary>Inputs of earlier runs that reached code which no other did.</summary>
    public static string Corpus(string target) => Path.Combine(Work, "corpus", target);

    /// <summary>This program with the libraries that count where they were.</summary>
    public static string Instrumented { get; } = Path.Combine(Work, "bin");

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Denoise.InSitu.sln")))
                return folder.FullName;
        throw new ArgumentException($"fuzz: no Denoise.InSitu.sln above {AppContext.BaseDirectory}");
    }
}
