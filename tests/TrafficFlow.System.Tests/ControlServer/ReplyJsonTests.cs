using System.Text;
using System.Text.Json;
using TrafficFlow.Node.ControlServer;
using TrafficFlow.Wire.Operations;
using Xunit;

namespace TrafficFlow.SystemTests.ControlServer;

public sealed class ReplyJsonTests
{
    private static readonly DateTimeOffset Noon = new(2026, 4, 1, 12, 0, 0, 250, TimeSpan.Zero);

    private static readonly InspectionTable Cameras = InspectionTable.Of(
        "cameras",
        [
            new("camera"), new("rate", "frames/s", CellKind.Number), new("processed", "frames", CellKind.Number), new("last frame", Kind: CellKind.Time),
            new("live", Kind: CellKind.Flag), new("actor", Kind: CellKind.Path),
        ],
        [["cam1", 9.5, 5_000_000_000L, Noon, true, "/user/cameras/cam1"], ["鋼管\n\"x\"", null, 0L, null, false, "/user"]],
        "a note");

    [Fact]
    public void Tables_survive_the_socket()
    {
        var line = ReplyJson.Write(new InspectionTables(Cameras));

        Assert.DoesNotContain((byte)'\n', line);
        var back = Assert.Single(Assert.IsType<InspectionTables>(ReplyJson.Read(line)).Tables);
        Assert.Equal((Cameras.Name, Cameras.Notes.Single()), (back.Name, back.Notes.Single()));
        Assert.Equal(Cameras.Columns, back.Columns);
        Assert.Equal(Cameras.Rows.SelectMany(r => r), back.Rows.SelectMany(r => r));
    }

    [Fact]
    public void Programs_find_cells_by_name_and_unit()
    {
        using var json = JsonDocument.Parse(ReplyJson.Write(new InspectionTables(Cameras)));

        var row = json.RootElement.GetProperty("tables")[0].GetProperty("rows")[0];
        Assert.True(json.RootElement.GetProperty("ok").GetBoolean());
        Assert.Equal(9.5, row.GetProperty("rate_frames_per_s").GetDouble());
        Assert.Equal(5_000_000_000, row.GetProperty("processed_frames").GetInt64());
        Assert.Equal("2026-04-01T12:00:00.25Z", row.GetProperty("last_frame").GetString());
    }

    [Fact]
    public void A_failure_survives_the_socket()
    {
        var failed = new CommandFailed("no server answers", "start one");

        Assert.Equal(failed, ReplyJson.Read(ReplyJson.Write(failed)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("garbage")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"ok":true}""")]
    [InlineData("""{"ok":1}""")]
    [InlineData("""{"ok":true,"tables":[{"name":"x","columns":[{"name":"a","unit":"","kind":"unheard-of"}],"rows":[],"notes":[]}]}""")]
    [InlineData("""{"ok":true,"tables":[{"name":"x","columns":[{"name":"a","unit":"","kind":"text"}],"rows":[{}],"notes":[]}]}""")]
    public void What_is_no_reply_is_told_as_that(string line)
    {
        Assert.Throws<FormatException>(() => ReplyJson.Read(Encoding.UTF8.GetBytes(line)));
    }
}
