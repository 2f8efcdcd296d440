using System.Xml.Linq;
using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Count.Turning;
using TrafficFlow.Node.Drawings;
using Xunit;

namespace TrafficFlow.SystemTests.Count;

public sealed class TurningDiagramTests
{
    private static readonly ApproachId North = new("north");
    private static readonly ApproachId East = new("east");
    private static readonly ApproachId South = new("south");

    /// <summary>Seen from above, north at the top: entries to the left of who drives in, as in Japan.</summary>
    private static readonly CameraSetup Camera = new(
        new CameraId("cam1"), "", new FrameFormat(640, 640, 10), "motion", [],
        [
            new Gate(new GateId("n-in"), new(0.5, 0.2), new(0.6, 0.2), new GateMeaning(GateRole.Enters, North)),
            new Gate(new GateId("n-out"), new(0.4, 0.2), new(0.5, 0.2), null, new GateMeaning(GateRole.Exits, North)),
            new Gate(new GateId("e-in"), new(0.8, 0.5), new(0.8, 0.6), new GateMeaning(GateRole.Enters, East)),
            new Gate(new GateId("e-out"), new(0.8, 0.4), new(0.8, 0.5), null, new GateMeaning(GateRole.Exits, East)),
            new Gate(new GateId("s-out"), new(0.5, 0.8), new(0.6, 0.8), new GateMeaning(GateRole.Exits, South)),
        ],
        []);

    private static readonly TurningTable Table = TurningTable.Of(
        Camera,
        [Cross("n-in", 90), Cross("e-out", 91, CrossingDirection.Backward)],
        [.. Turns(0, 12, "n-in", "s-out"), .. Turns(20, 3, "n-in", "e-out", CrossingDirection.Backward), .. Turns(30, 1, "e-in", "s-out", CrossingDirection.Forward, VehicleClass.Bus)])!;

    [Fact]
    public void The_table_adds_up_along_rows_and_columns() => Assert.Equal(
        """
        from,class,to north,to east,to south,to unknown,total
        north,passenger-car,0,3,12,1,16
        north,bus,0,0,0,0,0
        north,all,0,3,12,1,16
        east,passenger-car,0,0,0,0,0
        east,bus,0,0,1,0,1
        east,all,0,0,1,0,1
        unknown,passenger-car,0,1,0,0,1
        unknown,bus,0,0,0,0,0
        unknown,all,0,1,0,0,1
        all,passenger-car,0,4,12,1,17
        all,bus,0,0,1,0,1
        all,all,0,4,13,1,18

        """,
        TurningFile.Text(Table),
        ignoreLineEndingDifferences: true);

    [Fact]
    public void Letters_that_no_font_has_are_named_once()
    {
        static DrawnText Written(string text) => new(text, default, 12, DrawnAnchor.Start, "#000000");
        var drawing = new Drawing(10, 10, [Written("Bahnhofstra\u00dfe \U0010fffd"), Written("\U0010fffd")]);

        Assert.Equal("\U0010fffd", DrawingFiles.LettersWithoutFont(drawing));
    }

    [Fact]
    public void Arms_lie_where_the_camera_sees_them_and_the_side_of_the_road_is_read_off()
    {
        var arms = TurningArms.Of(Camera);

        Assert.Equal((-1, 0), (Math.Round(arms.OutOf(North).Y), Math.Round(arms.OutOf(North).X)));
        Assert.Equal((1, 0), (Math.Round(arms.OutOf(East).X), Math.Round(arms.OutOf(East).Y)));
        Assert.Equal((1, 0), (Math.Round(arms.OutOf(South).Y), Math.Round(arms.OutOf(South).X)));
        Assert.True(arms.KeepsLeft);
        Assert.False(TurningArms.Of(Mirrored(Camera)).KeepsLeft);
    }

    [Fact]
    public void Arms_that_lie_close_together_are_drawn_apart()
    {
        var gates = Enumerable.Range(0, 4).Select(i => new Gate(
            new GateId($"g{i}"), new(0.1 + (0.05 * i), 0.5), new(0.14 + (0.05 * i), 0.5), new GateMeaning(i == 0 ? GateRole.Exits : GateRole.Enters, new ApproachId($"a{i}")))).ToList();

        var arms = TurningArms.Of(Camera with { Gates = gates });

        foreach (var a in arms.All)
            foreach (var b in arms.All.Where(b => b != a))
                Assert.True(Math.Abs(Math.IEEERemainder(arms.AngleOf(a) - arms.AngleOf(b), 2 * Math.PI)) > 50 * Math.PI / 180, $"{a} and {b}");
    }

    [Fact]
    public void Ribbons_are_as_wide_as_they_are_used()
    {
        var drawing = Draw();

        var ribbons = drawing.Shapes.OfType<DrawnArea>().Where(a => a.Opacity == 0.75).ToList();
        Assert.Equal(5, ribbons.Count);
        Assert.Equal(4, WidthOf(ribbons[0]) / WidthOf(ribbons[1]), 0.01);
        Assert.Equal(["12", "3", "1", "1"], drawing.Shapes.OfType<DrawnText>().Where(t => int.TryParse(t.Text, out _)).Select(t => t.Text).OrderByDescending(int.Parse));
        Assert.All(drawing.Shapes.OfType<DrawnArea>().SelectMany(a => a.Outline), p => Assert.True(p.X > 0 && p.X < drawing.Width && p.Y > 0 && p.Y < drawing.Height, $"{p}"));
    }

    [Fact]
    public void Names_of_any_script_are_written_and_nothing_breaks_the_file()
    {
        var svg = DrawingFiles.Svg(Draw());

        var texts = XDocument.Parse(svg).Descendants().Where(e => e.Name.LocalName == "text").Select(e => e.Value).ToList();
        Assert.Contains("産業道路 <北> & \"more\"", texts);
        Assert.Contains("in 16, out 0", texts);
    }

    [Fact]
    public void The_same_count_gives_the_same_bytes()
    {
        var png = DrawingFiles.Png(Draw());

        Assert.Equal(png, DrawingFiles.Png(Draw()));
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], png[..4]);
    }

    private static Drawing Draw() =>
        TurningDiagram.Of(Table, Camera, new Dictionary<ApproachId, string> { [North] = "産業道路 <北> & \"more\"" }, ["Street", "all day"]);

    private static double WidthOf(DrawnArea ribbon) => (ribbon.Outline[0] - ribbon.Outline[^1]).Length;

    private static CameraSetup Mirrored(CameraSetup camera) => camera with
    {
        Gates = [.. camera.Gates.Select(g => g with { From = new PicturePoint(1 - g.To.X, g.To.Y), To = new PicturePoint(1 - g.From.X, g.From.Y) })],
    };

    private static Crossing Cross(string gate, long track, CrossingDirection direction = CrossingDirection.Forward) =>
        new(Camera.Id, new GateId(gate), direction, track, DateTimeOffset.UnixEpoch, VehicleClass.PassengerCar, VehicleSize.Small, null, 1);

    private static IEnumerable<FlowPassage> Turns(
        long first, int count, string from, string to, CrossingDirection direction = CrossingDirection.Forward, VehicleClass vehicleClass = VehicleClass.PassengerCar) =>
        Enumerable.Range(0, count).Select(i => new FlowPassage(
            Camera.Id, new GateId(from), CrossingDirection.Forward, new GateId(to), direction, first + i,
            DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, vehicleClass, vehicleClass.Size(), 1));
}
