using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Sites;
using TrafficFlow.Synthetic.Views;
using Xunit;

namespace TrafficFlow.SystemTests.Accuracy.Streets;

public sealed class StreetScoreTests
{
    private static readonly GateId s_gate = new("north-in");

    [Fact]
    public void A_crossing_is_counted_once_and_within_a_second()
    {
        var score = Score([True(10), True(20)], [10.9, 10.2, 21.1]);

        Assert.Equal(1, score.Right);
        Assert.Equal([20.0], score.Missed.Select(m => m.TimeSeconds));
        Assert.Equal([10.9, 21.1], score.Extra.Select(StreetScore.Seconds));
    }

    [Fact]
    public void A_vehicle_that_stands_on_the_line_is_counted_rightly_when_it_comes_or_when_it_goes_but_once()
    {
        Assert.Equal(1, Score([True(30, from: 12)], [12.4]).Right);
        Assert.Equal(1, Score([True(30, from: 12)], [30.4]).Right);
        Assert.Single(Score([True(30, from: 12)], [12.4, 30.1]).Extra);
        Assert.Single(Score([True(30, from: 12)], [9]).Extra);
    }

    [Fact]
    public void A_vehicle_that_may_be_counted_or_not_is_neither_right_nor_extra()
    {
        var score = Score([True(10) with { IsOptional = true }, True(20) with { IsOptional = true }], [10.1]);

        Assert.Equal(0, score.Right);
        Assert.Empty(score.Missed);
        Assert.Empty(score.Extra);
    }

    [Fact]
    public void The_wrong_direction_is_missed_and_extra()
    {
        var score = Score([True(10) with { Direction = CrossingDirection.Backward }], [10]);

        Assert.Single(score.Missed);
        Assert.Single(score.Extra);
    }

    [Fact]
    public void A_film_that_is_kept_is_read_as_it_was()
    {
        var folder = Directory.CreateTempSubdirectory("trafficflow-streets-").FullName;
        try
        {
            var film = Film([]);
            film.Keep(folder);

            var read = StreetFilm.Read(folder, Assert.Single(StreetFilm.KeptIn(folder)));

            Assert.Equal(film.Case, read.Case);
            Assert.NotEmpty(read.Truth);
            Assert.All(read.Truth, t => Assert.Contains(t.Gate, read.Camera.Gates.Select(g => g.Id)));
            Assert.Equal(film.Found.Frames.Select(f => f.Time), read.Found.Frames.Select(f => f.Time));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static StreetScore Score(StreetCrossing[] truth, double[] counted) =>
        StreetScore.Match(Film(truth), [.. counted.Select((t, i) => new Crossing(
            new CameraId(StreetSite.Camera), s_gate, CrossingDirection.Forward, i + 1, StreetFilm.CountedFrom.AddSeconds(t), VehicleClass.PassengerCar, VehicleSize.Small, null, 1))]);

    private static StreetFilm Film(StreetCrossing[] truth)
    {
        var street = StreetCases.Of("day", 1, 1, 30).Single();
        var camera = new CameraSetup(
            new CameraId(StreetSite.Camera), street.Source, street.Frame, "default", [], [new Gate(s_gate, new(0.2, 0.5), new(0.6, 0.5))], []);
        return new StreetFilm(street, camera, truth, new Recording(new ScoreBands(0.1f, 0.5f, 0.5f), [(StreetFilm.CountedFrom, []), (StreetFilm.CountedFrom.AddSeconds(0.1), [])]));
    }

    private static StreetCrossing True(double seconds, double? from = null) =>
        new(s_gate, CrossingDirection.Forward, seconds, from ?? seconds, seconds, 1, VehicleClass.PassengerCar, 30, false);
}
