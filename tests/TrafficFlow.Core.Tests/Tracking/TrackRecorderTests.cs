using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Scoring.Mot;
using TrafficFlow.Core.Tests.Support;
using TrafficFlow.Core.Tracking;
using Xunit;
using Found = TrafficFlow.Core.Detection.Detection;

namespace TrafficFlow.Core.Tests.Tracking;

public sealed class TrackRecorderTests
{
    [Theory]
    [InlineData(5)]
    [InlineData(10)]
    [InlineData(30)]
    public void Hindsight_knows_a_vehicle_from_its_first_detection_and_through_a_gap(int framesPerSecond)
    {
        var recorder = Record(4, framesPerSecond, t => t is > 1.5 and < 2.3 ? null : Film.Car(60 + (80 * t), 200));

        Assert.True(recorder.Live.Count < (4 * framesPerSecond) - 2);
        var told = recorder.Hindsight();
        Assert.Equal(Enumerable.Range(0, 4 * framesPerSecond), told.Select(b => b.Frame));
        Assert.All(told, b => Assert.Equal(60 + (80.0 * b.Frame / framesPerSecond), b.Box.CenterX, 2.0));
        Assert.Contains(told, b => b.Score == 0);
    }

    [Fact]
    public void Hindsight_leads_back_through_unsure_detections()
    {
        var recorder = Record(4, 10, t => Film.Car(60 + (60 * t), 200, t < 2 ? 0.25f : 0.9f));

        Assert.True(recorder.Live[0].Frame >= 20);
        Assert.Equal(0, recorder.Hindsight()[0].Frame);
    }

    [Fact]
    public void What_never_moves_and_is_hardly_ever_sure_is_not_shown()
    {
        // Sure in one picture of ten.
        var recorder = Record(10, 10, t => Film.Car(300, 200, (int)Math.Round(t * 10) % 10 == 0 ? 0.6f : 0.25f));

        Assert.Empty(recorder.Hindsight());
    }

    [Fact]
    public void What_moves_is_shown_although_it_is_hardly_ever_sure()
    {
        var recorder = Record(4, 10, t => Film.Car(60 + (80 * t), 200, (int)Math.Round(t * 10) % 10 == 0 ? 0.6f : 0.25f));

        Assert.Single(recorder.Hindsight().Select(b => b.Track).Distinct());
    }

    [Fact]
    public void A_caption_does_not_take_over_the_track_of_a_vehicle_that_leaves_there()
    {
        // It leaves at the bottom at 2.5 s; a wide caption stands there, seen now and then, sure now and then.
        var recorder = Record(
            5, 10, t => t < 2.5 ? Film.Car(320, 150 + (80 * t)) : null, t => Film.Car(320, 340, t > 2.2 ? 0.55f : 0.2f, width: 260, height: 40));

        var vehicle = recorder.Hindsight().GroupBy(b => b.Track).First();
        Assert.All(vehicle, b => Assert.InRange(b.Box.Width, 20, 90));
    }

    /// <summary>Baseline and floor: as measured when it was written, less a hundredth.</summary>
    [Theory]
    [InlineData("elephant", "pvb2004_256x448", 0.3f, 0.69, 0.784, 0.885)]
    [InlineData("hydepark", "pvb2004_256x448", 0.3f, 0.80, 0.881, 0.937)]
    [InlineData("blackfriars", "pvb2004_256x448", 0.3f, 0.70, 0.787, 0.885)]
    [InlineData("elephant", "yolox_nano_416", 0.4f, 0.62, 0.700, 0.820)]
    public void Real_vehicles_are_followed_better_than_by_a_plain_tracker(
        string clip, string model, float sure, double hota, double mota, double idf1)
    {
        var truth = MotText.Read(File.ReadLines(SharedFiles.Path($"data/boxes/{clip}.gt.txt"))).Rows;
        var found = MotText.Read(File.ReadLines(SharedFiles.Path($"data/detections/{clip}.{model}.det.txt"))).Rows.ToLookup(r => r.Frame);
        var recorder = new TrackRecorder(TrackerSettings.Default, new ScoreBands(sure / 2, sure, sure), new(352, 288, 25));
        for (var f = 1; f <= found.Max(g => g.Key); f++)
        {
            recorder.Add(f, f / 25.0,
            [
                .. found[f].Select(r => new Found(
                    new((float)r.Box.Left, (float)r.Box.Top, (float)r.Box.Width, (float)r.Box.Height), (float)r.Confidence, VehicleClass.Unclassified)),
            ]);
        }

        var score = MotScore.Of(MotSequence.Of(
            truth,
            recorder.Hindsight().Select(b => new MotRow(b.Frame, (int)b.Track, new(b.Box.X, b.Box.Y, b.Box.Width, b.Box.Height))),
            ignoreAbove: 96));

        Assert.True(score.Hota.Hota > hota, $"HOTA {score.Hota.Hota:0.000}");
        Assert.True(score.Clear.Mota > mota, $"MOTA {score.Clear.Mota:0.000}");
        Assert.True(score.Identity.F1 > idf1, $"IDF1 {score.Identity.F1:0.000}");
    }

    private static TrackRecorder Record(double seconds, int framesPerSecond, params Func<double, Found?>[] actors)
    {
        var recorder = new TrackRecorder(TrackerSettings.Default, Film.Scores, Film.Camera(framesPerSecond).Frame);
        for (var frame = 0; frame < seconds * framesPerSecond; frame++)
        {
            var t = (double)frame / framesPerSecond;
            recorder.Add(frame, t, [.. actors.Select(a => a(t)).OfType<Found>()]);
        }

        return recorder;
    }
}
