namespace Denoise.Neighbors;

/// <summary>
/// What is done with the nearest neighbors of an atom while they are at hand. A struct, so that the search calls it directly and
/// nothing per atom need be stored. Called from several threads, once or twice per atom.
/// </summary>
public interface INearestVisitor
{
    /// <summary>Receives the neighbors of owned atom <paramref name="atom"/>.</summary>
    /// <returns>
    /// True where these were enough. False asks for a second visit with more: at least the count the search was asked for, as far
    /// as there are so many. Without effect where <see cref="NearestNeighbors.IsFinal"/>.
    /// </returns>
    bool Visit(int atom, in NearestNeighbors nearest, int worker);
}
