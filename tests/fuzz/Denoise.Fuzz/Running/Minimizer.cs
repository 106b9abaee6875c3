using Denoise.Fuzz.Targets;

namespace Denoise.Fuzz.Running;

/// <summary>
/// Makes a finding small: takes pieces away, large ones first, as long as what remains has the same cause. For findings that leave the
/// process alive; of hangs and crashes take pieces away by hand and replay.
/// </summary>
internal static class Minimizer
{
    public static int Run(string target, string file)
    {
        byte[] input = File.ReadAllBytes(file);
        Trial trial = new(TargetList.Create(target));
        Usage.LimitGrowth(Limits.AllBytes);
        Verdict wanted = trial.Run(input);
        if (!wanted.IsFinding)
        {
            Console.Error.WriteLine($"{file}: is no finding any more: {wanted.Text}");
            return 1;
        }

        byte[] least = input;
        for (int piece = least.Length / 2; piece > 0;)
        {
            int before = least.Length;
            least = Without(trial, wanted, least, piece);
            // As long as single bytes can go, larger pieces may go again.
            piece = piece == 1 && least.Length < before ? Math.Max(1, least.Length / 2) : piece / 2;
        }

        string result = file + ".min";
        File.WriteAllBytes(result, least);
        Console.WriteLine($"{result}: {least.Length} bytes, {wanted.Kind} {wanted.Cause}");
        return 0;
    }

    /// <summary>Takes every piece of that length away that is not needed.</summary>
    private static byte[] Without(Trial trial, Verdict wanted, byte[] input, int piece)
    {
        for (int at = input.Length - piece; at >= 0; at -= piece)
        {
            byte[] shorter = [.. input[..at], .. input[(at + piece)..]];
            Verdict verdict = trial.Run(shorter);
            if (verdict.Kind == wanted.Kind && verdict.Cause == wanted.Cause)
                input = shorter;
        }

        return input;
    }
}
