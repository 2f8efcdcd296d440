using TrafficFlow.Node.ControlClient;
using TrafficFlow.Wire.Operations;
using Xunit;

namespace TrafficFlow.SystemTests.ControlClient;

public sealed class CtlLayoutTests
{
    private static readonly DateTimeOffset Noon = new(2026, 4, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly string Long = string.Join(' ', Enumerable.Repeat("refused", 20));

    [Fact]
    public void A_table_that_fits_is_left_as_it_is()
    {
        var layout = CtlLayout.Of(Cameras(Long), 400);

        Assert.Equal(["camera", "rate\nframes/s", "last\nframe\n2026-04-01", "reason"], layout.Columns.Select(c => c.Header));
        Assert.Equal([6, 8, 10, Long.Length], layout.Columns.Select(c => c.Width));
        Assert.Equal(["cam1", "9.5", "12:00:00Z", ""], layout.Rows[0]);
        Assert.Equal(["cam2", "-", "-", Long], layout.Rows[1]);
        Assert.Empty(layout.Below);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(120)]
    public void A_long_text_takes_what_the_others_leave(int width)
    {
        var layout = CtlLayout.Of(Cameras(Long), width);

        Assert.Equal(width, 2 + layout.Columns.Sum(c => c.Width + 2));
        Assert.Empty(layout.Below);
    }

    [Fact]
    public void A_text_that_would_become_a_thin_strip_goes_below_with_the_name_of_its_row()
    {
        var layout = CtlLayout.Of(Cameras(Long), 50);

        Assert.Equal(3, layout.Columns.Count);
        Assert.All(layout.Rows, r => Assert.Equal(3, r.Count));
        Assert.Equal([$"  cam2: {Long}"], layout.Below);
    }

    [Fact]
    public void Times_of_several_days_keep_their_dates()
    {
        var table = InspectionTable.Of("t", [new("last", Kind: CellKind.Time)], [[Noon], [Noon.AddDays(1)]]);

        var layout = CtlLayout.Of(table, 80);

        Assert.Equal("last\nUTC", layout.Columns[0].Header);
        Assert.Equal(["2026-04-01 12:00:00", "2026-04-02 12:00:00"], layout.Rows.Select(r => r[0]));
    }

    [Fact]
    public void Paths_are_a_tree_and_children_alone_stand_at_the_left()
    {
        var tree = InspectionTable.Of("t", [new("actor", Kind: CellKind.Path)], [["/user"], ["/user/cameras"], ["/user/cameras/cam1"], ["/system"]]);
        Assert.Equal(["/user", "  cameras", "    cam1", "/system"], CtlLayout.Of(tree, 80).Rows.Select(r => r[0]));

        var children = InspectionTable.Of("t", [new("actor", Kind: CellKind.Path)], [["/user/cameras/cam1"], ["/user/cameras/cam2"]]);
        Assert.Equal(["cam1", "cam2"], CtlLayout.Of(children, 80).Rows.Select(r => r[0]));
    }

    [Fact]
    public void No_width_is_too_thin_to_be_laid_out()
    {
        for (var width = 1; width < 60; width++) Assert.NotEmpty(CtlLayout.Of(Cameras(Long), width).Columns);
    }

    private static InspectionTable Cameras(string reason) => InspectionTable.Of(
        "cameras",
        [new("camera"), new("rate", "frames/s", CellKind.Number), new("last frame", Kind: CellKind.Time), new("reason")],
        [["cam1", 9.5, Noon, ""], ["cam2", null, null, reason]]);
}
