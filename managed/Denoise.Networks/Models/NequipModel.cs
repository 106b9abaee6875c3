namespace Denoise.Networks.Models;

public sealed class NequipModel
{
}
