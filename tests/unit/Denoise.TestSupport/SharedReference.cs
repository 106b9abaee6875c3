namespace Denoise.TestSupport;

/// <summary>
/// Finds <c>../shared/reference</c> beside the repository: published weights and computed vectors that the project does not
/// copy. Tests that need it use <see cref="SharedFactAttribute"/>, which skips them, saying so, where the folder is absent.
/// </summary>
public static class SharedReference
{
    /// <summary>The root of this repository: the folder with build.sh.</summary>
    public static string RepositoryRoot { get; } = FindRoot();

    public static string Folder { get; } = System.IO.Path.GetFullPath(System.IO.Path.Combine(RepositoryRoot, "..", "shared", "reference"));

    public static bool Exists => Directory.Exists(Folder);

    public static string Path(string file) => System.IO.Path.Combine(Folder, file);

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Denoise.InSitu.sln")))
                return folder.FullName;
        throw new InvalidOperationException($"no Denoise.InSitu.sln above {AppContext.BaseDirectory}");
    }
}
