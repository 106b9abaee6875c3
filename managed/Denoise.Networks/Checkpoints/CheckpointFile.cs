using Denoise.Atoms;
using Denoise.Atoms.Files;

namespace Denoise.Networks.Checkpoints;

/// <summary>Reads a whole file with the messages that a user needs.</summary>
internal static class CheckpointFile
{
    public static byte[] ReadAll(string path)
    {
        if (Directory.Exists(path))
            throw new InputException($"{path}: is a folder; give the checkpoint file in it.");
        try
        {
            if (FileStatus.Of(path) is { IsRegular: false })
                throw new InputException($"{path}: is not a regular file; copy the checkpoint to a file first.");
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
            if (stream.Length > CheckpointLimits.FileBytes)
                throw new InputException($"{path}: has {stream.Length:N0} bytes, more than the limit of " +
                    $"{CheckpointLimits.FileBytes:N0} for a score network; save its state dict alone.");
            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException($"{path}: no such file.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new InputException($"{path}: cannot be read: {error.Message}", error);
        }
    }
}
