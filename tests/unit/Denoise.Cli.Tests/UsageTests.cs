using Denoise.Cli.CommandLine;

namespace Denoise.Cli.Tests;

public sealed class UsageTests
{
    [Theory]
    [InlineData("apply a.dump -m m.pt --tol -1")]
    [InlineData("apply a.dump --model=m.pt --steps 3 --scale auto --elements Cu NULL --classify cna:3.1 -o x.dump --json -t 4")]
    [InlineData("apply @a.dump --model m.pt")]
    [InlineData("classify a.dump --method acna")]
    [InlineData("classify a.dump -o - --force")]
    [InlineData("classify -- -a.dump --b.xyz")]
    [InlineData("analyze a.dump b.xyz --with cna:3.1 --with rdf:cutoff=6 --select x>1 --columns a,b[1] --frames 1:8:2 --every 3 -o c.xyz")]
    [InlineData("analyze - --csv t.csv --resume --skip-bad --split frames --json")]
    [InlineData("analyze --list")]
    [InlineData("apply a.dump b.dump -m m.pt --with coordination:3 --select id<9 --csv t.csv")]
    [InlineData("info a.pt --json")]
    [InlineData("train --prototypes fcc,bcc -o m.pt --steps 100 --missing 0 --molten 0.1")]
    [InlineData("train --structures a.cif b.cif -o m.pt --resume -t 2")]
    [InlineData("train --task forces --data a.xyz b.xyz --validation c.xyz --dens 0.25,0.05,0.25,0.1 -o m.pt")]
    [InlineData("train --task minima --data a.xyz --told 0.5 --iterated 0.5 -o m.pt")]
    [InlineData("evaluate m.pt a.xyz b.xyz --without-forces --json -t 2")]
    [InlineData("bench -t 2 --json")]
    [InlineData("plot a.csv --columns a,b --x time --log -o b.svg --width 600 --height 300")]
    [InlineData("report a.csv b.dump -m m.pt --with rdf:cutoff=6 --scenes 0 --atoms 1000 --frames ::2 --title T -o r.html --force")]
    public void Right(string line) => Assert.Empty(DenoiseCommand.Parse(line.Split(' ')).Errors);

    [Theory]
    [InlineData("apply a.dump -m m.pt --tol", "--tol")]
    [InlineData("apply a.dump -m m.pt --scale 0", "--scale: '0' is not auto or a factor above 0")]
    [InlineData("classify a.dump --method cna:", "--method: 'cna:' is not acna, model, references, map:FILE, reference:FILE or cna:RC")]
    [InlineData("info a.pt --json=maybe", "maybe")]
    [InlineData("analyze a.dump -x", "'-x' is not an option of 'analyze'.")]
    [InlineData("classify a.dump --method acna --json -o -", "--json and --output would both write to standard output")]
    [InlineData("classify a.dump --method acna --json -o a.xyz -o b.xyz", "'-o' expects a single argument")]
    [InlineData("classify a.dump --method acna --json --output=", "missing for option: '--output'")]
    [InlineData("aply a.dump", "'aply' is not a command; the commands are analyze, apply, classify, report, plot, compress, expand, verify, info" +
        ", devices, train, evaluate, reference, bench.")]
    [InlineData("apply a.dump --model m.pt --step 3", "'--step' is not an option of 'apply'.")]
    [InlineData("train --prototypes fcc", "--output")]
    [InlineData("apply a.dump -m m.pt --steps 99999999999", "--steps: '99999999999' is too large; the largest is 2147483647.")]
    [InlineData("apply a.dump -m m.pt --threads 5000", "--threads: '5000' is too large; the largest is 4096.")]
    [InlineData("train --prototypes fcc -o m.pt --steps 0", "--steps: '0' is not a whole number from 1")]
    [InlineData("train --prototypes fcc -o m.pt --missing 1", "--missing: '1' is not a part such as 0.05")]
    [InlineData("train --task energies --data a.xyz -o m.pt", "'energies' not recognized")]
    [InlineData("train --task forces --data a.xyz --dens 0.25,0.05 -o m.pt", "--dens: '0.25,0.05' is not P,SIGMA,R,LAMBDA")]
    [InlineData("train --task minima --data a.xyz --told 2 -o m.pt", "--told: '2' is not a part from 0 to 1")]
    [InlineData("evaluate m.pt", "'evaluate' needs DATA")]
    [InlineData("analyze", "'analyze' needs INPUT")]
    [InlineData("classify", "'classify' needs INPUT")]
    [InlineData("analyze a --frames 1:2:3:4", "--frames: '1:2:3:4' is not a slice A:B:S")]
    [InlineData("analyze a --frames -3:", "--frames")]
    [InlineData("analyze a --split ranks", "--split: 'ranks' is not auto, frames or domains")]
    [InlineData("analyze a --resume", "--resume goes on with a file")]
    [InlineData("analyze a -o b.dump --resume --force", "give one of them")]
    [InlineData("report a.xtc -o b.html --sites O,H,H --topology c.gro", "give one of them")]
    [InlineData("report a.csv", "--output")]
    [InlineData("plot a.csv --width 20000", "--width: 20000 is too large; the largest is 10000")]
    [InlineData("plot a.csv b.csv", "'b.csv' is one word too many")]
    [InlineData("report a.csv -o b.html --atoms 0", "--atoms: '0' is not a whole number from 1")]
    [InlineData("info a b", "'b' is one word too many: 'info' takes one file.")]
    public void Wrong(string line, string expected)
    {
        var parsed = DenoiseCommand.Parse(line.Split(' '));
        Assert.NotEmpty(parsed.Errors);
        Assert.Contains(expected, Sentences.OfUsage(parsed));
    }
}
