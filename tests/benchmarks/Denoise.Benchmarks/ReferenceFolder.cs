namespace Denoise.Benchmarks;

/// <summary>The repository, the build, and <c>../shared/reference</c> beside it, whose published networks are not copied.</summary>
internal static class ReferenceFolder
{
    public static string Repository { get; } = FindRepository();

    /// <summary>Where build.sh builds, or what DENOISE_BUILD says.</summary>
    public static string Build { get; } = Environment.GetEnvironmentVariable("DENOISE_BUILD") ?? Path.Combine(Repository, "build");

    public static string Reference { get; } = Path.GetFullPath(Path.Combine(Repository, "..", "shared", "reference"));

    public static string CopperModel => Path.Combine(Reference, "Cu-denoiser.pt");

    public static string LatticeMap => Path.Combine(Repository, "models", "lattices.pt");

    /// <summary>Our own network, which most users load.</summary>
    public static string MetalsModel => Path.Combine(Repository, "models", "metals.pt");

    private static string FindRepository()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Denoise.InSitu.sln")))
                return folder.FullName;
        return Environment.CurrentDirectory;
    }
}
