namespace Denoise.Fuzz.Running;

/// <summary>The inputs that a worker makes new ones of: seeds, and whatever reached code that none before had.</summary>
internal sealed class InputPool
{
    private const long MostBytes = 64L << 20;

    private readonly List<byte[]> _inputs = [];
    private long _bytes;

    public int Count => _inputs.Count;

    public void Add(byte[] input)
    {
        if (_bytes + input.Length > MostBytes)
            return;
        _inputs.Add(input);
        _bytes += input.Length;
    }

    /// <summary>Any, half of the time one of the newest tenth, whose neighborhood is least known.</summary>
    public byte[] Pick(Random random)
    {
        if (_inputs.Count == 0)
            return [];
        int first = random.Next(2) == 0 ? _inputs.Count * 9 / 10 : 0;
        return _inputs[random.Next(first, _inputs.Count)];
    }
}
