namespace Denoise.Networks.Checkpoints.Archive;

/// <summary>An entry of a zip archive.</summary>
/// <param name="Name">path inside the archive</param>
/// <param name="Start">where its local header begins in the file</param>
/// <param name="Offset">where its bytes begin in the file</param>
/// <param name="Length">number of bytes in the file</param>
/// <param name="Checksum">CRC-32 that the archive declares</param>
/// <param name="IsCompressed">whether the bytes would have to be unpacked: then they are not read</param>
internal sealed record ZipEntry(string Name, int Start, int Offset, int Length, uint Checksum, bool IsCompressed);
