namespace Denoise.Atoms.Tests;

public class InputExceptionTests
{
    [Theory]
    [InlineData("all is plain, \u00e5 too", "all is plain, \u00e5 too")]
    [InlineData("'two\nlines', a\ttab, \u001b[31mred, \u0085 and \0", "'two?lines', a?tab, ?[31mred, ? and ?")]
    public void A_message_is_one_line(string message, string expected)
    {
        Assert.Equal(expected, new InputException(message).Message);
        Assert.Equal(expected, new InputException(message, new IOException()).Message);
    }
}
