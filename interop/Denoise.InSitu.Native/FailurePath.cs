namespace Denoise.InSitu.Native;

/// <summary>
/// Walks the way of a failure once while there is memory. The runtime allocates a type object when an exception of a type is first
/// thrown; if that first time is the moment when memory has run out, its own attempt fails, throws, and recurses to a crash.
/// </summary>
internal static class FailurePath
{
    private static bool _prepared;

    public static void Prepare()
    {
        if (_prepared)
            return;
        try
        {
            try
            {
                throw new OutOfMemoryException();
            }
            catch (OutOfMemoryException failure)
            {
                throw SessionException.From(failure);
            }
        }
        catch (SessionException)
        {
            _prepared = true;
        }
    }
}
