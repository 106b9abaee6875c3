using Denoise.Atoms;

namespace Denoise.Trajectories.Lammps;

/// <summary>
/// What a data file says of its atom types: labels, masses and the comments behind these, from which follow the elements. The mass
/// decides; labels and comments are those of a force field as often as symbols ("st" is no sulfur, "ho" no holmium), and count
/// only where they do not contradict it.
/// </summary>
internal sealed class DataTypes
{
    // In reduced units all masses may be 1, which says nothing.
    private const double NoMass = 1;

    // Isotopes and rounded masses; repartitioned hydrogen mass is beyond it.
    private const double MassTolerance = 0.05;

    private readonly Dictionary<int, string> _labels = [];
    private readonly Dictionary<int, (double Mass, string? Comment)> _masses = [];
    private readonly Dictionary<string, int> _typeOfLabel = new(StringComparer.Ordinal);

    /// <summary>Types by their labels; null without any.</summary>
    public IReadOnlyDictionary<string, int>? Labels => _typeOfLabel.Count > 0 ? _typeOfLabel : null;

    public void AddLabel(int type, string label)
    {
        _labels[type] = label;
        _typeOfLabel[label] = type;
    }

    /// <param name="comment">the first word of it</param>
    public void AddMass(int type, double mass, string? comment) => _masses[type] = (mass, comment);

    public void NameElements(Frame frame)
    {
        foreach (int type in _labels.Keys.Union(_masses.Keys).Order())
        {
            string? label = _labels.GetValueOrDefault(type);
            string? symbol = _masses.TryGetValue(type, out var given)
                ? FromMass(given.Mass, given.Comment, label)
                : label is null ? null : ElementTable.ProperSymbol(label);
            if (symbol is not null)
                frame.SetElement(type, symbol);
        }
    }

    private static string? FromMass(double mass, params ReadOnlySpan<string?> words)
    {
        int z = ElementTable.AtomicNumberFromMass(mass);
        foreach (string? word in words)
        {
            if (word is null || ElementTable.SymbolFromLabel(word) is not { } symbol)
                continue;
            double expected = ElementTable.Mass(ElementTable.AtomicNumber(symbol));
            if (z > 0 ? ElementTable.AtomicNumber(symbol) == z
                : Math.Abs(mass - expected) <= MassTolerance * expected || (mass == NoMass && ElementTable.ProperSymbol(word) is not null))
                return symbol;
        }

        return z > 0 ? ElementTable.Symbol(z) : null;
    }
}
