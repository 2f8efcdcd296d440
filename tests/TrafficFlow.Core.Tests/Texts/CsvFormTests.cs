using CsCheck;
using TrafficFlow.Core.Texts;
using Xunit;

namespace TrafficFlow.Core.Tests.Texts;

public sealed class CsvFormTests
{
    [Theory]
    [InlineData("a,b\n1.5,x\n", "a;b\n1,5;x\n")]
    [InlineData("-0.25,12,1.0\r\n", "-0,25;12;1,0\r\n")]
    [InlineData(",,\n,", ";;\n;")]
    [InlineData("1.2.3,.5,5.,1.5e3,v1.5,2026-01-01T09:00:00+09:00", "1.2.3;.5;5.;1.5e3;v1.5;2026-01-01T09:00:00+09:00")]
    [InlineData("\"a,b\",\"say \"\"1.5\"\"\",2.5", "\"a,b\";\"say \"\"1.5\"\"\";2,5")]
    [InlineData("a;b,1.5", "\"a;b\";1,5")]
    [InlineData("\"open", "\"open")]
    [InlineData("", "")]
    public void A_table_with_commas_is_written_with_semicolons_and_decimal_commas(string table, string written) => Assert.Equal(written, CsvForm.Semicolon.Rewrite(table));

    [Fact]
    public void With_commas_it_stays_as_it_is() => Assert.Equal("a,\"b,c\",1.5\n", CsvForm.Comma.Rewrite("a,\"b,c\",1.5\n"));

    [Fact]
    public void What_was_written_is_read_as_the_same_numbers() => Gen.Double[-1e6, 1e6].Array[1, 5].Sample(numbers =>
    {
        var table = "x" + string.Concat(Enumerable.Repeat(",y", numbers.Length - 1)) + "\n" + string.Join(',', numbers.Select(n => n.ToString("0.00", System.Globalization.CultureInfo.InvariantCulture))) + "\n";
        var lines = CsvForm.Semicolon.Rewrite(table).Split('\n');
        var form = numbers.Length == 1 ? CsvForm.Semicolon : CsvForm.Of(lines[0]);
        return lines[1].Split(';').Zip(numbers).All(p => form.TryNumber(p.First, out var read) && Math.Abs(read - p.Second) <= 0.005001);
    });
}
