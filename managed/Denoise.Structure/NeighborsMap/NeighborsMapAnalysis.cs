using System.Globalization;
using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.Neighbors;
using Denoise.Networks.Maps;
using Denoise.Structure.Analyses;
using Denoise.Structure.Classes;

namespace Denoise.Structure.NeighborsMap;

/// <summary>
/// Names atoms by images of their neighborhoods, which a small convolutional network has learned to tell apart: Allera, Goryaeva,
/// Lafourcade, Maillet and Marinica, Comput. Mater. Sci. 2024, arXiv:2307.00978. It sees through heat and missing neighbors by having seen
/// them in training, so it works on positions as they come, too.
/// </summary>
public sealed unsafe class NeighborsMapAnalysis : IStructureNaming
{
    /// <summary>By which users name it.</summary>
    public static AnalysisKind Kind { get; } = new("map", "map:FILE[,confidence=P]",
        "the class that a network of images of neighborhoods names, which 'denoise train --maps' made (Allera et al. 2024)", Create);

    private readonly MapWeights? _weights;
    private readonly MapSettings _settings;
    private readonly MapImage[] _images;
    private readonly MapInference[] _inferences;
    private readonly NearestNeighborFinder<Visitor> _finder;
    private readonly int[] _numbers;
    private readonly LabelCounts _counts;
    private readonly double _confidence;
    private readonly SelectedMean _mean = new();
    private readonly Action _name;

    private AnalysisContext _context = null!;

    // [Count] species of the network, where it tells them apart.
    private readonly NativeBuffer<int> _species = new();

    /// <param name="services">borrowed</param>
    /// <param name="network">that names; null: it is only to be asked what it is</param>
    /// <param name="confidence">atoms that are less probably what is said are none of the classes</param>
    private NeighborsMapAnalysis(AnalysisServices services, MapNetwork? network, double confidence)
    {
        IReadOnlyList<string> classes = network?.Classes ?? [];
        (_settings, _confidence, _name) = (network?.Settings ?? MapSettings.Geometric, confidence, NameAll);
        _weights = network is null ? null : new(network);
        _images = [.. Enumerable.Range(0, services.Pool.Count).Select(_ => new MapImage(_settings))];
        _inferences = _weights is null ? [] : [.. Enumerable.Range(0, services.Pool.Count).Select(_ => new MapInference(_weights))];
        _finder = new(services.Pool, services.Grid);
        Structures = StructureTable.OfClasses(classes);
        _numbers = StructureTable.NumbersOf(classes);
        _counts = new("map", Structures);
        Globals = [.. _counts.Globals, new("map_probability_mean", ColumnKind.Real)];
    }

    public IReadOnlyList<AnalysisColumn> Columns { get; } =
        [new("map", ColumnKind.Integer, "StructureType"), new("map_probability", ColumnKind.Real)];

    public IReadOnlyList<AnalysisGlobal> Globals { get; }

    public IReadOnlyList<NamedStructure> Structures { get; }

    public double Cutoff => 0;

    public string? Warning { get; private set; }

    public void Run(AnalysisContext context)
    {
        _context = context;
        context.Attempt(_name);
        _counts.Count(context, context.Output.Integers(0), context.Output.Globals);
        context.Output.Globals[^1] = _mean.Of(context, context.Output.Reals(1));
    }

    public void Dispose()
    {
        _finder.Dispose();
        foreach (MapImage image in _images)
            image.Dispose();
        foreach (MapInference inference in _inferences)
            inference.Dispose();
        _weights?.Dispose();
        _species.Dispose();
    }

    private static NeighborsMapAnalysis Create(AnalysisArguments arguments, AnalysisServices services)
    {
        string path = arguments.TextOrWord("file") ?? throw arguments.Wrong("a FILE must be given, which 'denoise train --maps' writes");
        double confidence = arguments.Number("confidence", 0, 0, 1);
        return new(services, services.IsTrial ? null : MapFile.Load(path), confidence);
    }

    private void NameAll()
    {
        int count = _context.Particles.Count;
        double unit = _context.Typical, wanted = _settings.Reach * unit;
        Warning = null;
        if (!(unit > 0))
            return;
        if (_context.Range < wanted * (1 - 5e-7))
            Warning = string.Create(CultureInfo.InvariantCulture, $"map: ghost atoms reach {_context.Range:g4} Å and images are made of " +
                $"{wanted:g4} Å, so atoms at the borders of a process may be named otherwise; let ghosts reach farther.");
        if (_settings.Channels > 1)
            TellSpecies(count);
        _finder.Run(_context.Particles, MapSettings.MostInBall, MapSettings.Size, Math.Min(_context.Range, wanted), new(this));
    }

    private void TellSpecies(int count)
    {
        int known = _settings.Weights[0].Count;
        _species.Resize(count + 1);
        for (int i = 0; i < count; i++)
        {
            int type = _context.AtomTypes == null ? 1 : _context.AtomTypes[i];
            _species[i] = type >= 1 && type <= known ? type - 1 : throw new InputException(
                $"map: an atom has type {type}, and the network knows types 1 to {known}.");
        }
    }

    private bool Name(int atom, in NearestNeighbors nearest, int worker)
    {
        if (!nearest.IsFinal && nearest.Count < MapSettings.MostInBall)
            return false;
        MapInference inference = _inferences[worker];
        bool tells = _settings.Channels > 1;
        _images[worker].Fill(nearest, _context.Typical, tells ? _species[atom] : 0, tells ? _species.Pointer : null, inference.Image,
            inference.RowStride);
        Span<float> logits = stackalloc float[_numbers.Length];
        fixed (float* to = logits)
            inference.Run(to);
        int best = LogitRow.Best(logits);
        double probability = best < 0 ? 0 : LogitRow.Probability(logits, best);
        _context.Output.Integers(0)[atom] = best < 0 || probability < _confidence ? 0 : _numbers[best];
        _context.Output.Reals(1)[atom] = probability;
        return true;
    }

    private readonly struct Visitor(NeighborsMapAnalysis owner) : INearestVisitor
    {
        public bool Visit(int atom, in NearestNeighbors nearest, int worker) => owner.Name(atom, nearest, worker);
    }
}
