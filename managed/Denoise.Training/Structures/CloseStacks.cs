namespace Denoise.Training.Structures;

/// <summary>
/// Close-packed layers in random order: crystals full of stacking faults and twins, so that a network names each layer by its own
/// surroundings. A layer is h where both its neighbors are above each other, else c; it is named by the five letters around it:
/// dhcp where they alternate, alpha-sm where they are of its period, and else, as common neighbor analysis would, hcp (h) or fcc (c).
/// </summary>
public static class CloseStacks
{
    private const int FewestLayers = 10;
    private const int MostLayers = 16;

    private static readonly string[] OfSamarium = ["hchhc", "chhch", "hhchh"];

    /// <returns>prototypes of ideal axial ratio; the same for the same seed</returns>
    public static IReadOnlyList<Prototype> Create(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(1, count).Select(k => Create($"stack-{k}", Draw(random)))];
    }

    /// <param name="name">of the prototype</param>
    /// <param name="layers">A, B and C, no two alike one above the other, the last and the first included</param>
    public static Prototype Create(string name, string layers)
    {
        int count = layers.Length;
        char Layer(int k) => layers[(k + count) % count];
        char Letter(int k) => Layer(k - 1) == Layer(k + 1) ? 'h' : 'c';
        return new(name, $"close-packed layers {layers}", PrototypeCells.Hexagonal(count * Math.Sqrt(2.0 / 3)), PrototypeCells.Stack(layers))
        {
            SiteClasses = [.. Enumerable.Range(0, count).Select(k =>
                Name(string.Concat(Enumerable.Range(k - 2, 5).Select(j => Letter((j + count) % count)))))],
        };
    }

    private static string Name(string letters) => letters switch
    {
        "hchch" or "chchc" => "dhcp",
        _ when OfSamarium.Contains(letters) => "alpha-sm",
        _ => letters[2] == 'h' ? "hcp" : "fcc",
    };

    private static string Draw(Random random)
    {
        int count = random.Next(FewestLayers, MostLayers + 1);
        char[] layers = new char[count];
        layers[0] = 'A';
        do
        {
            for (int k = 1; k < count; k++)
                layers[k] = (char)('A' + (layers[k - 1] - 'A' + random.Next(1, 3)) % 3);
        }
        while (layers[^1] == layers[0]);
        return new(layers);
    }
}
