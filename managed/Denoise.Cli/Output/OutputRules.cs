using Denoise.Atoms;
using Denoise.Atoms.Files;
using Denoise.Trajectories;

namespace Denoise.Cli.Output;

/// <summary>What an output may not replace: an input, ever; and, unless told to, a file that is no earlier result.</summary>
internal static class OutputRules
{
    private const int MarkWithin = 512;

    /// <summary>Checks a file of frames before anything is done.</summary>
    /// <param name="output">the name as given</param>
    /// <param name="inputs">everything that is read</param>
    /// <param name="force">whether any other file may be replaced</param>
    /// <exception cref="InputException">it may not be written</exception>
    public static void CheckFrames(string output, IEnumerable<string> inputs, bool force) => Guard(output, () =>
    {
        if (Existing(output, inputs) is { IsRegular: true, Size: > 0 } && !force &&
            !OutputName.IsStream(output) && !ResultFile.IsIn(output))
            throw new InputException($"{output}: exists already and holds no earlier results of this program; choose another name, or " +
                "replace it with --force.");
    });

    /// <summary>The same for a table.</summary>
    /// <exception cref="InputException">it may not be written</exception>
    public static void CheckTable(string output, IEnumerable<string> inputs, bool force) => Guard(output, () =>
    {
        if (Existing(output, inputs) is not { IsRegular: true, Size: > 0 } || force)
            return;
        using StreamReader reader = new(output);
        char[] start = new char[CsvTable.Start.Length];
        if (reader.ReadBlock(start) < start.Length || !start.AsSpan().SequenceEqual(CsvTable.Start))
            throw new InputException($"{output}: exists already and holds no earlier table of this program; choose another name, or " +
                "replace it with --force.");
    });

    /// <summary>The same for a file that other commands write, which begins with a mark of theirs.</summary>
    /// <param name="mark">within the first bytes of such a file</param>
    /// <exception cref="InputException">it may not be written</exception>
    public static void CheckMarked(string output, IEnumerable<string> inputs, bool force, string mark) => Guard(output, () =>
    {
        if (Existing(output, inputs) is not { IsRegular: true, Size: > 0 } || force || OutputName.IsStream(output))
            return;
        using StreamReader reader = new(output);
        char[] start = new char[MarkWithin];
        if (!start.AsSpan(0, reader.ReadBlock(start)).Contains(mark, StringComparison.Ordinal))
            throw new InputException($"{output}: exists already and holds no earlier result of this command; choose another name, or " +
                "replace it with --force.");
    });

    /// <summary>The file that has the name now, which may be no folder and none of the inputs.</summary>
    /// <exception cref="InputException">it is</exception>
    public static FileStatus? Existing(string output, IEnumerable<string> inputs)
    {
        FileStatus? old = null;
        Guard(output, () => old = FileStatus.Of(output));
        if (old is { IsFolder: true })
            throw new InputException($"{output}: cannot be written: it is a directory; add the name of a file.");
        if (old is { IsRegular: true } file)
            foreach (string input in inputs)
                if (StatusOrNull(input) is { } other && file.IsSameFileAs(other))
                    throw new InputException(output == input
                        ? $"{output}: is the input, and the output would replace it; choose another name."
                        : $"{output}: is the same file as the input {input}, which the output would replace; choose another name.");
        return old;
    }

    private static FileStatus? StatusOrNull(string input)
    {
        try
        {
            return FileStatus.Of(input);
        }
        catch (IOException)
        {
            return null; // Whoever reads it says why it cannot be read.
        }
    }

    private static void Guard(string output, Action check)
    {
        try
        {
            check();
        }
        catch (Exception failure) when (WriteFailure.IsFromSystem(failure))
        {
            throw WriteFailure.Of(output, failure);
        }
    }
}
