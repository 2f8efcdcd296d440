using System.Text.Json;
using TrafficFlow.Core.Texts;
using Xunit;

namespace TrafficFlow.Core.Tests.Texts;

public sealed class PlainTextTests
{
    [Theory]
    [InlineData("north 産業道路 é 🚗", "north 産業道路 é 🚗")]
    [InlineData("\u001b[31mred\u001b[0m", "\\u001b[31mred\\u001b[0m")]
    [InlineData("\u009b31mred", "\\u009b31mred")]
    [InlineData("a\u007fb\0c\bd", "a\\u007fb\\u0000c\\u0008d")]
    [InlineData("mp4.\u202eexe", "mp4.\\u202eexe")]
    [InlineData("\u2066x\u2069 \u200f \u061c \ufeff", "\\u2066x\\u2069 \\u200f \\u061c \\ufeff")]
    [InlineData("one\ntwo\u2028three\r\n", "one\\u000atwo\\u2028three\\u000d\\u000a")]
    public void What_a_terminal_would_obey_is_written_out(string text, string shown)
    {
        Assert.Equal(shown, PlainText.Of(text));
        Assert.Equal(text == shown, PlainText.IsPlain(text));
    }

    [Fact]
    public void Lines_and_tabs_of_a_whole_text_stay_but_nothing_that_goes_back_to_a_lines_begin() =>
        Assert.Equal("a\tb\nc\r\nd\\u000de\\u001b", PlainText.Lines("a\tb\nc\r\nd\re\u001b"));

    [Fact]
    public void A_long_text_is_cut() => Assert.Equal("aaa…", PlainText.Of(new string('a', 1000), 3));

    [Fact]
    public void JSON_stays_the_same_JSON()
    {
        var written = PlainText.Lines("{\"name\":\"x\u202ey\u009b\"}");

        Assert.Equal("x\u202ey\u009b", JsonDocument.Parse(written).RootElement.GetProperty("name").GetString());
    }
}
