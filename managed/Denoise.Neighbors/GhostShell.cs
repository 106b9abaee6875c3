namespace Denoise.Neighbors;

public sealed class GhostShell
{
}
