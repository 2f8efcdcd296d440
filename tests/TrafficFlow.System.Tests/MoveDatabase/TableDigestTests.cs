using NpgsqlTypes;
using TrafficFlow.Node.MoveDatabase;
using Xunit;

namespace TrafficFlow.SystemTests.MoveDatabase;

/// <summary>Checksums by which two tables are told to hold the same.</summary>
public sealed class TableDigestTests
{
    private static readonly MovedColumn[] s_two = [new("a", ValueKind.Text, NpgsqlDbType.Text), new("b", ValueKind.Text, NpgsqlDbType.Text)];
    private static readonly MovedColumn[] s_json = [new("a", ValueKind.Json, NpgsqlDbType.Jsonb)];

    [Fact]
    public void The_order_of_rows_is_of_no_matter_and_everything_else_is()
    {
        Assert.Equal(Sum(s_two, ["a", "b"], ["c", "d"]), Sum(s_two, ["c", "d"], ["a", "b"]));
        object?[][][] others =
        [
            [["a", "b"]], [["a", "b"], ["a", "b"]], [["a", "b"], ["c", "d"], ["c", "d"]], [["ab", ""], ["c", "d"]], [["", "ab"], ["c", "d"]], [["b", "a"], ["c", "d"]],
            [["a", null], ["c", "d"]], [[null, "a"], ["c", "d"]], [["a", "d"], ["c", "b"]], [],
        ];
        var all = others.Append([["a", "b"], ["c", "d"]]).Select(rows => Sum(s_two, rows).Checksum).ToList();
        Assert.Equal(all.Count, all.Distinct().Count());
    }

    [Fact]
    public void A_value_is_not_mistaken_for_one_of_another_kind() => Assert.Equal(
        5,
        new (ValueKind Kind, object Value)[]
        {
            (ValueKind.Whole, 1L), (ValueKind.Flag, true), (ValueKind.Number, 1.0), (ValueKind.Text, "1"), (ValueKind.Bytes, new byte[] { (byte)'1' }),
        }.Select(v => Sum([new("a", v.Kind, NpgsqlDbType.Unknown)], [v.Value]).Checksum).Distinct().Count());

    [Theory]
    [InlineData("""{"b":1,"a":[{"d":"x","c":null}]}""", """{ "a": [ { "c": null, "d": "x" } ], "b": 1.0 }""", true)]
    [InlineData("""["\u9244",true]""", """["鉄", true]""", true)]
    [InlineData("""["a","b"]""", """["b","a"]""", false)]
    [InlineData("""{"a":"1"}""", """{"a":1}""", false)]
    public void JSON_is_the_same_however_it_is_spaced_and_ordered(string one, string other, bool same) =>
        Assert.Equal(same, Sum(s_json, [one]) == Sum(s_json, [other]));

    [Fact]
    public void A_table_without_rows_is_empty_whatever_its_columns() => Assert.Equal(TableSum.Empty, Sum(s_two));

    private static TableSum Sum(MovedColumn[] columns, params object?[][] rows)
    {
        var digest = new TableDigest(columns);
        foreach (var row in rows) digest.Add(row);
        return digest.Sum;
    }
}
