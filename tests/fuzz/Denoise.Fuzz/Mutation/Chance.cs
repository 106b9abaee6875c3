namespace Denoise.Fuzz.Mutation;

/// <summary>Draws.</summary>
internal static class Chance
{
    public static T Of<T>(IReadOnlyList<T> items, Random random) => items[random.Next(items.Count)];

    /// <summary>1 mostly, seldom more than 4.</summary>
    public static int Few(Random random)
    {
        int count = 1;
        while (count < 16 && random.Next(5) < 2)
            count++;
        return count;
    }

    /// <summary>From 0 to length - 1, near the beginning in half of the draws: there the headers are.</summary>
    public static int Position(int length, Random random)
    {
        int position = random.Next(length);
        return random.Next(2) == 0 ? position : random.Next(Math.Min(length, 1 + position / 4));
    }
}
