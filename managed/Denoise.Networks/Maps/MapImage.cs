using System.Runtime.Intrinsics;
using Denoise.Atoms.Memory;
using Denoise.Neighbors;

namespace Denoise.Networks.Maps;

/// <summary>
/// Makes images as <see cref="MapSettings"/> defines them; <see cref="ReferenceMapImage"/> says the same plainly. Eight rows are
/// sorted at a time, one per lane. Where there are several channels the species of an atom stands in the last bits of its squared distance
/// (an error of 1e-6), and is sorted with it. Native memory is kept; one call at a time.
/// </summary>
public sealed unsafe class MapImage : IDisposable
{
    private const int Lanes = 8;
    private const int Rows = MapSettings.MostInBall + 1;
    private const int SpeciesMask = MapSettings.MostSpecies - 1;

    private readonly MapSettings _settings;
    private readonly NativeBuffer<float> _memory = new(4L * Rows + (long)Rows * Lanes);
    private readonly float* _x;
    private readonly float* _y;
    private readonly float* _z;
    private readonly int* _species;

    // [ball, Lanes] squared distances, to be sorted down the columns.
    private readonly float* _columns;

    public MapImage(MapSettings settings)
    {
        _settings = settings;
        _x = _memory.Pointer;
        _y = _x + Rows;
        _z = _y + Rows;
        _species = (int*)(_z + Rows);
        _columns = (float*)_species + Rows;
    }

    /// <summary>Fills an image.</summary>
    /// <param name="nearest">neighbors of the atom within the reach, nearest first</param>
    /// <param name="unit">typical distance in Å</param>
    /// <param name="ownSpecies">of the atom</param>
    /// <param name="species">[...] by atom index; null: all are of species 0</param>
    /// <param name="image">[Size, rowStride / channels, channels] receives it, from its first value on</param>
    /// <param name="rowStride">values between rows</param>
    public void Fill(in NearestNeighbors nearest, double unit, int ownSpecies, int* species, float* image, int rowStride)
    {
        int ball = 1 + Math.Min(nearest.Count, MapSettings.MostInBall);
        float scale = (float)(1 / unit);
        (_x[0], _y[0], _z[0], _species[0]) = (0, 0, 0, ownSpecies);
        for (int k = 1; k < ball; k++)
        {
            (_x[k], _y[k], _z[k]) = (scale * (float)nearest.X[k - 1], scale * (float)nearest.Y[k - 1], scale * (float)nearest.Z[k - 1]);
            _species[k] = species == null ? 0 : species[nearest.Index(k - 1)];
        }

        for (int row = 0; row < MapSettings.Size; row += Lanes)
        {
            if (row >= ball)
            {
                for (int lane = 0; lane < Lanes; lane++)
                    new Span<float>(image + (row + lane) * rowStride, MapSettings.Size * _settings.Channels).Clear();
                continue;
            }

            Measure(row, ball);
            Sort(ball);
            Write(row, ball, image + row * rowStride, rowStride);
        }
    }

    public void Dispose() => _memory.Dispose();

    /// <summary>From atoms row ... row + 7, one per lane, to all of the ball; to itself it is infinitely far.</summary>
    private void Measure(int row, int ball)
    {
        Vector256<float> x = Vector256.Load(_x + row), y = Vector256.Load(_y + row), z = Vector256.Load(_z + row);
        Vector256<int> lane = Vector256.Create(row) + Vector256<int>.Indices;
        bool tells = _settings.Channels > 1;
        for (int k = 0; k < ball; k++)
        {
            Vector256<float> dx = x - Vector256.Create(_x[k]), dy = y - Vector256.Create(_y[k]), dz = z - Vector256.Create(_z[k]);
            Vector256<float> square = dx * dx + dy * dy + dz * dz;
            if (tells)
                square = ((square.AsInt32() & Vector256.Create(~SpeciesMask)) | Vector256.Create(_species[k])).AsSingle();
            Vector256.ConditionalSelect(Vector256.Equals(lane, Vector256.Create(k)).AsSingle(),
                Vector256.Create(float.PositiveInfinity), square).Store(_columns + k * Lanes);
        }
    }

    private void Sort(int ball)
    {
        ReadOnlySpan<ushort> pairs = SortingNetwork.Of(ball);
        fixed (ushort* first = pairs)
            for (ushort* pair = first, end = first + pairs.Length; pair < end; pair += 2)
            {
                float* low = _columns + pair[0] * Lanes, high = _columns + pair[1] * Lanes;
                Vector256<float> a = Vector256.Load(low), b = Vector256.Load(high);
                Vector256.MinNative(a, b).Store(low);
                Vector256.MaxNative(a, b).Store(high);
            }
    }

    private void Write(int row, int ball, float* image, int rowStride)
    {
        int channels = _settings.Channels, columns = Math.Min(ball - 1, MapSettings.Size);
        for (int lane = 0; lane < Lanes; lane++)
        {
            int i = row + lane;
            float* to = image + lane * rowStride;
            if (i >= ball)
            {
                new Span<float>(to, MapSettings.Size * channels).Clear();
                continue;
            }

            float square = _x[i] * _x[i] + _y[i] * _y[i] + _z[i] * _z[i];
            // d^(-1/3) of a squared distance.
            float weight = i == 0 ? 1 : MathF.Pow(square, -1f / 6);
            if (channels == 1)
                for (int j = 0; j < columns; j++)
                    to[j] = weight / _columns[j * Lanes + lane];
            else
                for (int j = 0; j < columns; j++)
                    WriteChannels(weight, _species[i], _columns[j * Lanes + lane], to + j * channels);
            new Span<float>(to + columns * channels, (MapSettings.Size - columns) * channels).Clear();
        }
    }

    private void WriteChannels(float weight, int ofRow, float square, float* to)
    {
        int other = BitConverter.SingleToInt32Bits(square) & SpeciesMask;
        to[0] = weight / square;
        for (int c = 1; c < _settings.Channels; c++)
        {
            IReadOnlyList<float> weights = _settings.Weights[c - 1];
            to[c] = weights[ofRow] * weights[other] * to[0];
        }
    }
}
