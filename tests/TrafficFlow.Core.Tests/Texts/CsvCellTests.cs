using TrafficFlow.Core.Texts;
using Xunit;

namespace TrafficFlow.Core.Tests.Texts;

public sealed class CsvCellTests
{
    [Theory]
    [InlineData("north", "north")]
    [InlineData("", "")]
    [InlineData(null, "")]
    [InlineData("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0")]
    [InlineData("+1", "'+1")]
    [InlineData("+09:00", "+09:00")]
    [InlineData("-03:30", "-03:30")]
    [InlineData("+09:00+1", "'+09:00+1")]
    [InlineData("+a9:00", "'+a9:00")]
    [InlineData("-1+2", "'-1+2")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("＝1", "'＝1")]
    [InlineData("\t=1", "'\\u0009=1")]
    [InlineData("\r=1", "'\\u000d=1")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("=a,\"b\"", "\"'=a,\"\"b\"\"\"")]
    [InlineData("a\nb", "a\\u000ab")]
    public void A_text_is_never_a_formula(string? text, string cell) => Assert.Equal(cell, CsvCell.Quoted(text));

    [Theory]
    [InlineData("=1")]
    [InlineData("-north")]
    [InlineData("'quoted'")]
    [InlineData("'")]
    [InlineData("north")]
    public void What_is_written_is_read_back(string text) => Assert.Equal(text, CsvCell.Read(CsvCell.Text(text)));
}
