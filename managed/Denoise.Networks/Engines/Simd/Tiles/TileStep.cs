namespace Denoise.Networks.Engines.Simd.Tiles;

/// <summary>One layer of one tile.</summary>
/// <param name="Layer">from 0</param>
/// <param name="Tile">whose atoms are evaluated</param>
internal readonly record struct TileStep(int Layer, int Tile);
