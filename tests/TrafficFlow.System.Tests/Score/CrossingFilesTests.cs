using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Scoring;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node;
using TrafficFlow.Node.Score;
using TrafficFlow.SystemTests.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Score;

public sealed class CrossingFilesTests : IDisposable
{
    private const string TruthHeader = "gate,direction,time_s,class,size,optional";
    private const string CountedHeader = "camera,gate,direction,track,time_s,class,size,colour,speed_kmh,confidence";

    private readonly SettingsFolder _folder = new();

    public static TheoryData<string> RealTruths => ["blackfriars", "elephant", "hydepark", "road_barrier", "stuttgart", "suburb_37s"];

    public static TheoryData<string, string> BadTruths => new()
    {
        { "", "1: the first line names the columns; gate, direction, time_s, class, size, optional missing" },
        { "gate,direction,time_s", "1: the first line names the columns; class, size, optional missing" },
        { TruthHeader + "\nin,forwards,1,,,", "2: direction is \"forwards\"; it is forward or backward" },
        { TruthHeader + "\nin,forward,soon,,,", "2: time_s is \"soon\"; it is seconds from the start of the recording" },
        { TruthHeader + "\nin,forward,NaN,,,", "2: time_s is \"NaN\"; it is seconds from the start of the recording" },
        { TruthHeader + "\nin,forward,,,,", "2: time_s is empty" },
        { TruthHeader + "\n,forward,1,,,", "2: gate is empty" },
        { TruthHeader + "\n\"a\nb\",forward,1,,,", "2: gate is \"a\\u000ab\", with a line break or another control character" },
        { TruthHeader + "\nin\u001b[2J,forward,1,,,", "2: gate is \"in\\u001b[2J\", with a line break or another control character" },
        { TruthHeader + "\n\nin,forward,1,tank,,", "3: class is \"tank\"; it is empty or one of unclassified, passenger-car," },
        { TruthHeader + "\nin,forward,1,,huge,", "2: size is \"huge\"; it is small, large or empty" },
        { TruthHeader + "\nin,forward,1,,,yes", "2: optional is \"yes\"; it is 1, 0 or empty" },
        { TruthHeader + "\nin,forward,1", "2: 3 fields where the header has 6" },
        { TruthHeader + "\nin,forward,1,,,,", "2: 7 fields where the header has 6" },
        { TruthHeader + "\nin,forward,1,,,\n\"in,forward,1,,,", "3: " },
    };

    [Theory]
    [MemberData(nameof(RealTruths))]
    public void A_real_truth_file_is_read(string name) =>
        Assert.NotEmpty(CrossingFiles.ReadTruth(SharedFiles.Shared($"data/truth/{name}.csv")));

    [Fact]
    public void A_truth_row_says_what_the_record_holds() =>
        Assert.Equal(
            [
                new TruthCrossing(new GateId("in"), CrossingDirection.Forward, 0.52, VehicleClass.PassengerCar, VehicleSize.Small),
                new TruthCrossing(new GateId("out"), CrossingDirection.Backward, 3, null, VehicleSize.Unknown, IsOptional: true),
            ],
            CrossingFiles.ReadTruth(_folder.Write("t.csv", TruthHeader + "\r\nin,forward,0.52,passenger_car,small,\r\nout, backward ,3,,,1\r\n")));

    [Fact]
    public void A_truth_with_semicolons_and_decimal_commas_says_the_same() =>
        Assert.Equal(
            [
                new TruthCrossing(new GateId("in"), CrossingDirection.Forward, 0.52, VehicleClass.PassengerCar, VehicleSize.Small) { SpeedKmh = 51.25 },
                new TruthCrossing(new GateId("out"), CrossingDirection.Backward, 3, null, VehicleSize.Unknown, IsOptional: true),
            ],
            CrossingFiles.ReadTruth(_folder.Write("t.csv", $"\uFEFF{TruthHeader.Replace(',', ';')};speed_kmh\r\nin;forward;0,52;passenger_car;small;;51,25\r\nout;backward;3;;;1;\r\n")));

    [Fact]
    public void A_counted_row_says_what_the_record_holds() =>
        Assert.Equal(
            [
                new CountedCrossing(new GateId("in"), CrossingDirection.Forward, 1.5, VehicleClass.HeavyGoods, VehicleSize.Large) { SpeedKmh = 51.2 },
                new CountedCrossing(new GateId("in"), CrossingDirection.Backward, 2),
            ],
            CrossingFiles.ReadCounted(
                _folder.Write("c.csv", CountedHeader + "\ncam1,in,forward,1,1.5,heavy-goods,large,,51.2,0.9\ncam1,in,backward,2,2,,,,,\n"),
                null));

    [Fact]
    public void A_truth_row_may_say_more() =>
        Assert.Equal(
            [
                new TruthCrossing(new GateId("in"), CrossingDirection.Forward, 1)
                {
                    Colour = VehicleColour.Red, Movement = "in->out", Lighting = "night", SpeedKmh = 48.5,
                },
            ],
            CrossingFiles.ReadTruth(_folder.Write(
                "t.csv", TruthHeader + ",colour,movement,lighting,speed_kmh\nin,forward,1,,,,red,in->out,night,48.5\n")));

    [Theory]
    [InlineData("colour", "pink", "2: colour is \"pink\"; it is empty or one of white, grey,")]
    [InlineData("speed_kmh", "fast", "2: speed_kmh is \"fast\"; it is empty or km/h, 0 or more")]
    [InlineData("speed_kmh", "-3", "2: speed_kmh is \"-3\"; it is empty or km/h, 0 or more")]
    public void A_malformed_optional_cell_is_told_with_file_and_line(string column, string text, string expected)
    {
        var file = _folder.Write("t.csv", $"{TruthHeader},{column}\nin,forward,1,,,,{text}\n");

        Assert.Contains($"{file}:{expected}", Assert.Throws<JobFailedException>(() => CrossingFiles.ReadTruth(file)).Message);
    }

    [Fact]
    public void A_track_that_passes_two_gates_tells_its_movement()
    {
        var counted = CrossingFiles.ReadCounted(
            _folder.Write("c.csv", CountedHeader + "\ncam1,out,forward,7,5,,,,,\ncam1,in,forward,7,1,,,,,\ncam1,in,forward,8,2,,,,,\n"), null);

        Assert.Equal(["in->out", "in->out", null], counted.OrderBy(c => c.TimeSeconds == 2).Select(c => c.Movement));
    }

    [Fact]
    public void A_file_without_rows_is_a_count_of_nothing() =>
        Assert.Empty(CrossingFiles.ReadCounted(_folder.Write("c.csv", CountedHeader + "\n"), null));

    [Theory]
    [MemberData(nameof(BadTruths))]
    public void A_malformed_row_is_told_with_file_and_line(string text, string expected)
    {
        var file = _folder.Write("t.csv", text);

        Assert.Contains($"{file}:{expected}", Assert.Throws<JobFailedException>(() => CrossingFiles.ReadTruth(file)).Message);
    }

    [Fact]
    public void Gates_of_several_cameras_are_not_mixed()
    {
        var file = _folder.Write("c.csv", CountedHeader + "\ncam2,in,forward,1,1,,,,,\ncam1,in,forward,1,1,,,,,\n");

        Assert.Contains("cam1, cam2", Assert.Throws<UsageException>(() => CrossingFiles.ReadCounted(file, null)).Message);
        Assert.Single(CrossingFiles.ReadCounted(file, "cam2"));
        Assert.Contains("no camera cam3", Assert.Throws<UsageException>(() => CrossingFiles.ReadCounted(file, "cam3")).Message);
    }

    public void Dispose() => _folder.Dispose();
}
