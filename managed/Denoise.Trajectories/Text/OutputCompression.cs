namespace Denoise.Trajectories.Text;

/// <summary>How a file that is written is compressed: by the end of its name.</summary>
internal enum OutputCompression
{
    None,
    Gzip,
    Zstd,
}
