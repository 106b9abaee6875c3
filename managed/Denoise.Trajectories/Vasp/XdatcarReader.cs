using System.Globalization;
using System.Text.RegularExpressions;
using Denoise.Atoms;
using Denoise.Trajectories.Text;

namespace Denoise.Trajectories.Vasp;

/// <summary>
/// XDATCAR of VASP 5 and later (https://www.vasp.at/wiki/index.php/XDATCAR): configurations one after the other, each behind a line
/// <c>Direct configuration= N</c> or, from old versions, a blank one. Where the cell varies, or runs were joined, the header is
/// repeated.
/// </summary>
internal sealed unsafe partial class XdatcarReader(LineScanner scanner) : VaspReader(scanner)
{
    // Comment, scale, three vectors, and species, counts or both.
    private const int FirstPlace = 6;
    private const int LastPlace = 8;

    private PoscarHeader? _header;

    public override TrajectoryFormat Format => TrajectoryFormats.Xdatcar;

    public static bool Recognizes(FileHead head) =>
        PoscarHeader.IsIn(head) &&
        (head.Lines.Take(LastPlace).Skip(FirstPlace).Any(line => Configuration().IsMatch(line)) ||
         TrajectoryFormats.Xdatcar.HasName(head.Name) && head.Lines.Take(LastPlace).Skip(FirstPlace).Any(string.IsNullOrWhiteSpace));

    private protected override bool ReadFrame(Frame frame)
    {
        bool blankBefore = false, isHeaderNew = false;
        while (Scanner.TryReadLine(out byte* start, out byte* end))
        {
            Fields line = new(start, end);
            if (line.AtEnd)
            {
                blankBefore = true;
                continue;
            }

            if (Configuration().Match(Utf8.String(line.Rest)) is { Success: true } match && _header is not null)
            {
                _ = long.TryParse(match.Groups["number"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out long number);
                frame.Step = number;
                ReadPositions(frame, _header, !match.Groups["kind"].Value.StartsWith('C') && !match.Groups["kind"].Value.StartsWith('c'));
                return true;
            }

            bool isPosition = PoscarHeader.TryReadVector(ref line, out _);
            Scanner.Unread();
            if (isPosition && blankBefore && _header is not null)
            {
                frame.Step = FramesRead + 1;
                ReadPositions(frame, _header, direct: true);
                return true;
            }

            _header = new PoscarHeader(this, Scanner);
            isHeaderNew = true;
            blankBefore = false;
        }

        return FramesRead > 0 && !isHeaderNew ? false : throw Truncated("its configuration is missing");
    }

    [GeneratedRegex(@"^\s*(?<kind>Direct|Cartesian|Konfig)(\s+configuration)?\s*=\s*(?<number>\d*)", RegexOptions.IgnoreCase)]
    private static partial Regex Configuration();
}
