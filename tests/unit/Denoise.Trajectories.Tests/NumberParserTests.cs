using System.Globalization;
using System.Text;
using Denoise.Trajectories.Text;

namespace Denoise.Trajectories.Tests;

public unsafe class NumberParserTests
{
    private static bool TryParse(string text, out double value, out int used)
    {
        byte[] bytes = [.. Encoding.UTF8.GetBytes(text), (byte)'\n'];
        fixed (byte* start = bytes)
        {
            byte* p = start;
            bool good = NumberParser.TryParseDouble(ref p, out value);
            used = (int)(p - start);
            return good;
        }
    }

    private static void AssertSameBits(string text)
    {
        double expected = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        Assert.True(TryParse(text, out double actual, out int used), text);
        Assert.Equal(text.Length, used);
        bool same = BitConverter.DoubleToInt64Bits(expected) == BitConverter.DoubleToInt64Bits(actual);
        Assert.True(same, $"{text}: {actual:R}, not {expected:R}");
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-0")]
    [InlineData("-0.0")]
    [InlineData("0.0000000000000000000000001")]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("+3.25")]
    [InlineData("1e5")]
    [InlineData("1E-05")]
    [InlineData("-1.7976931348623157e308")]
    [InlineData("1e309")]
    [InlineData("5e-324")]
    [InlineData("2.2250738585072011e-308")]
    [InlineData("1e-400")]
    [InlineData("9007199254740993")]
    [InlineData("9007199254740992.9999")]
    [InlineData("900719925474099.35")]
    [InlineData("9999999999999999999")]
    [InlineData("99999999999999999999999999")]
    [InlineData("0.30000000000000004")]
    [InlineData("1.2345678901234567890123456789")]
    [InlineData("0000000000000000000000000000001.5")]
    [InlineData("1e22")]
    [InlineData("1e23")]
    [InlineData("8.41e+21")]
    public void Special_numbers_have_the_bits_of_the_runtimes_parser(string text) => AssertSameBits(text);

    [Fact]
    public void A_hundred_thousand_random_numbers_have_the_bits_of_the_runtimes_parser()
    {
        Random random = new(1);
        string[] formats = ["R", "F6", "F3", "E16", "E5", "G8", "G17", "G15", "F12"];
        for (int i = 0; i < 100_000; i++)
        {
            double value = i % 5 == 0
                ? BitConverter.Int64BitsToDouble(random.NextInt64())
                : (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-8, 9));
            if (double.IsFinite(value) && Math.Abs(value) < 1e200)
                AssertSameBits(value.ToString(formats[i % formats.Length], CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public void Ties_and_their_neighbors_are_rounded_to_even()
    {
        // Halfway between two doubles below 2^53 / 10^k: the digits are exact, so the quotient's last bits decide.
        Random random = new(2);
        for (int i = 0; i < 20_000; i++)
        {
            // An odd multiple of 2^-k with 54 significant bits lies exactly between two doubles; k <= 8 keeps 19 digits.
            int k = random.Next(1, 4);
            ulong odd = (1UL << 53) + ((ulong)random.NextInt64(1L << 52) << 1) + 1;
            decimal tie = (decimal)odd / (1UL << k);
            AssertSameBits(tie.ToString(CultureInfo.InvariantCulture));
            string digits = tie.ToString(CultureInfo.InvariantCulture).Replace(".", "");
            if (digits.Length == 19)
                AssertSameBits((tie + 0.001m).ToString(CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public void Every_power_of_the_divider_agrees_with_the_runtimes_parser()
    {
        Random random = new(3);
        for (int k = 1; k <= FiveDivider.MaxPower; k++)
            for (int i = 0; i < 2000; i++)
            {
                ulong w = (ulong)random.NextInt64(1, long.MaxValue) >> random.Next(0, 63);
                if (w == 0)
                    continue;
                double expected = double.Parse($"{w}e-{k}", CultureInfo.InvariantCulture);
                Assert.True(expected == FiveDivider.Divide(w, k), $"{w}e-{k}");
            }
    }

    [Theory]
    [InlineData("nan", double.NaN)]
    [InlineData("-nan", double.NaN)]
    [InlineData("inf", double.PositiveInfinity)]
    [InlineData("-INF", double.NegativeInfinity)]
    [InlineData("Infinity", double.PositiveInfinity)]
    [InlineData("1.5D+02", 150)]
    [InlineData("1.2345678901234567d-30", 1.2345678901234567e-30)]
    public void Words_of_other_languages(string text, double expected)
    {
        Assert.True(TryParse(text, out double value, out int used));
        Assert.Equal(text.Length, used);
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData("e5")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("Cu")]
    [InlineData("nano")]
    [InlineData("--1")]
    public void What_is_no_number(string text) => Assert.False(TryParse(text, out _, out _));

    [Fact]
    public void Shortest_output_reads_back_to_the_same_bits()
    {
        Random random = new(4);
        using MemoryStream stream = new();
        double[] values = new double[20_000];
        TextOutput output = new(stream);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = i == 0 ? double.MaxValue : i == 1 ? -5e-324 : (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-20, 20));
            output.Number(values[i]);
            output.Byte('\n');
        }

        output.Flush();
        string[] lines = Encoding.UTF8.GetString(stream.ToArray()).Split('\n');
        for (int i = 0; i < values.Length; i++)
        {
            Assert.True(TryParse(lines[i], out double back, out _));
            Assert.Equal(BitConverter.DoubleToInt64Bits(values[i]), BitConverter.DoubleToInt64Bits(back));
        }
    }
}
