using System.Text;
using Denoise.Atoms;

namespace Denoise.Networks.Checkpoints.Archive;

/// <summary>
/// The archive of <c>torch.save</c>: <c>NAME/data.pkl</c> (a pickle), <c>NAME/data/K</c> (raw tensors), <c>NAME/version</c>,
/// <c>NAME/byteorder</c> (absent before PyTorch 2.1: little). NAME is whatever the writer chose.
/// </summary>
internal sealed class TorchArchive
{
    private const string PickleName = "/data.pkl";

    private readonly ZipDirectory _directory;
    private readonly ReadOnlyMemory<byte> _file;
    private readonly string _root;
    private readonly HashSet<string> _verified = new(StringComparer.Ordinal);

    public TorchArchive(string source, ReadOnlyMemory<byte> file)
    {
        (Source, _file) = (source, file);
        ForeignFormats.Refuse(source, file.Span);
        _directory = new(source, file);
        _root = FindRoot();
        if (_directory.Find(_root + "/constants.pkl") is not null)
            throw new InputException($"{source}: is a TorchScript program, and using it runs what is in it: where you trust it, say " +
                "'engine torch' (--engine torch; docs/torch.md); or save its weights alone, with " +
                "torch.save(torch.jit.load('MODEL').state_dict(), 'NEW.pt'), and put their configuration beside as NEW.json.");
        BigEndian = ReadByteOrder();
    }

    /// <summary>The file, for messages.</summary>
    public string Source { get; }

    public bool BigEndian { get; }

    /// <summary>Size of the whole file.</summary>
    public long Length => _file.Length;

    public ReadOnlyMemory<byte> Pickle => Read(_directory.Find(_root + PickleName)!);

    /// <summary>The bytes of a storage, verified against their checksum.</summary>
    public ReadOnlySpan<byte> Storage(string key) => _directory.Find($"{_root}/data/{key}") is ZipEntry entry
        ? Read(entry).Span
        : throw new InputException($"{Source}: the bytes of storage '{key}' are missing; the checkpoint is damaged, save it again.");

    private string FindRoot()
    {
        string[] roots = [.. _directory.Entries
            .Where(entry => entry.Name.EndsWith(PickleName, StringComparison.Ordinal))
            .Select(entry => entry.Name[..^PickleName.Length])
            .Where(root => !root.Contains('/'))];
        return roots switch
        {
            [string root] => root,
            [] => throw new InputException($"{Source}: is a zip archive without data.pkl, so not written by torch.save."),
            _ => throw new InputException($"{Source}: holds {roots.Length} checkpoints ({string.Join(", ", roots.Take(3))}, ...) in " +
                "one archive; save one network per file."),
        };
    }

    private bool ReadByteOrder()
    {
        if (_directory.Find(_root + "/byteorder") is not ZipEntry entry)
            return false;
        string order = Encoding.Latin1.GetString(Read(entry).Span[..Math.Min(16, entry.Length)]).Trim();
        return order switch
        {
            "little" => false,
            "big" => true,
            _ => throw new InputException($"{Source}: its byte order is {Quote.Of(order)}, neither 'little' nor 'big'; the file is damaged."),
        };
    }

    private ReadOnlyMemory<byte> Read(ZipEntry entry)
    {
        ReadOnlyMemory<byte> bytes = _directory.BytesOf(entry);
        if (_verified.Add(entry.Name) && Crc32.Of(bytes.Span) != entry.Checksum)
            throw new InputException($"{Source}: the checksum of entry '{entry.Name}' does not match its bytes: the file is damaged " +
                "(or was saved with torch.serialization.set_crc32_options(False)); copy or save it again.");
        return bytes;
    }
}
