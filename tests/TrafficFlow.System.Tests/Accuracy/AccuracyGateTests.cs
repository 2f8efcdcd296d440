using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Scoring;
using TrafficFlow.Node.Score;
using TrafficFlow.Node.Settings;
using TrafficFlow.Synthetic;
using TrafficFlow.SystemTests.Accuracy.Streets;
using TrafficFlow.SystemTests.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Accuracy;

/// <summary>
/// Accuracy may only improve. The real clips, a few rendered streets and a piece of the synthetic junction are counted with the detector in
/// the box, journeys are joined by motion, ready-made detections are tracked, and all is compared with accuracy-baseline.json beside this file.
/// </summary>
public sealed class AccuracyGateTests
{
    private const string Record = "TRAFFICFLOW_RECORD_ACCURACY";
    private const int Slack = 2;

    private static string File(string name) => Path.Combine(SharedFiles.Repository, "tests", "TrafficFlow.System.Tests", "Accuracy", name);

    [Fact]
    public async Task Counts_classes_and_colours_are_not_worse_than_the_recorded_baseline()
    {
        var baseline = AccuracyFigures.Read(File("accuracy-baseline.json"));
        var measured = await MeasureAsync(TestContext.Current.CancellationToken);
        TestContext.Current.TestOutputHelper?.WriteLine($"{measured}");
        if (Environment.GetEnvironmentVariable(Record) == "1")
        {
            measured.Write(File("accuracy-baseline.json"));
            return;
        }

        var worse = measured.WorseThan(baseline, Slack).ToList();

        Assert.True(worse.Count == 0, $"accuracy has become worse: {string.Join("; ", worse)}. Benchmarks `accuracy` and `looks` name the vehicles");
        if (measured != baseline && baseline.WorseThan(measured, 0).Any())
        {
            TestContext.Current.AddWarning(
                $"accuracy has become better than the baseline: record it with {Record}=1 and this test, and commit accuracy-baseline.json. Now: {measured}");
        }
    }

    [Fact]
    public void Figures_that_are_worse_are_told_one_by_one()
    {
        var baseline = new AccuracyFigures(73, 0, 1, 90, 10, 80, 5, 30, 2, 28, 1, 0.31, 0.7, 0.77, 0.85, 0.6);

        Assert.Empty(baseline.WorseThan(baseline, Slack));
        Assert.Empty((baseline with { ColoursRight = 88 }).WorseThan(baseline, Slack));
        Assert.Equal(
            ["72 true crossings are counted, 73 were", "1 crossings are invented, 0 were", "87 colours are right, 90 were"],
            (baseline with { Counted = 72, Invented = 1, ColoursRight = 87 }).WorseThan(baseline, Slack));
        Assert.Equal(
            ["1 crossings of the rendered streets are missed, 0 were", "2 crossings of the rendered streets are invented, 0 were"],
            (baseline with { StreetsMissed = 1, StreetsExtra = 2 }).WorseThan(baseline, Slack));
        Assert.Equal(
            ["27 journeys are right, 28 were", "2 journeys are invented, 1 were", "journeys' speeds are off by 0.400, and was 0.310", "HOTA is 0.690, and was 0.700", "live HOTA is 0.500, and was 0.600"],
            (baseline with { JourneysRight = 27, JourneysInvented = 2, JourneySpeedErrorKmh = 0.4, TrackHota = 0.69, LiveTrackHota = 0.5 }).WorseThan(baseline, Slack));
    }

    private static async Task<AccuracyFigures> MeasureAsync(CancellationToken cancellation)
    {
        var setting = CountingSetting.Default;
        var marked = MarkedVehicle.Read(File("marked.csv"));
        var (total, motorcycles, colours, classes) = (Tally.Empty, 0, new ConfusionTable(), new ConfusionTable());
        foreach (var clip in ClipAccuracy.WithTruth.Concat(ClipAccuracy.WithRoughTruth))
        {
            var accuracy = await ClipAccuracy.MeasureAsync(clip, setting, SharedFiles.Shared, marked, cancellation);
            total += accuracy.Score.Total;
            motorcycles += accuracy.Score.Matched.Count(m => ClipAccuracy.IsMotorcycle(m.Truth));
            foreach (var result in accuracy.Marked)
            {
                if (result.Vehicle.Colour is { } colour) colours.Add(colour.Name(), result.CalledColour?.Name() ?? "");
                if (result.Vehicle.Class is { } actual)
                    classes.Add(actual.Name(), result.CalledClass is { } called and not VehicleClass.Unclassified ? called.Name() : "");
            }
        }

        var streets = await CountStreetsAsync(cancellation);
        var synthetic = await SyntheticLooks.MeasureAsync("north", "day", 25, 5, 1, setting, cancellation);
        var motion = new DetectorCatalog("motion", new Dictionary<string, DetectorSettings> { ["motion"] = new("motion", DetectorKind.Motion) });
        var site = SyntheticJunction.Site with { Cameras = [.. SyntheticJunction.Site.Cameras.Select(c => c with { Detector = "motion" })] };
        var junction = await JunctionAccuracy.MeasureAsync(new SyntheticScene("day", "day", "normal", 1), 90, new SyntheticObservations(site, motion, null), null, cancellation);
        var tracks = DetectionTracks.Score(
            SharedFiles.Shared("data/mot/TUD-Campus/det_frcnn_sort.txt"), MotFiles.ReadTracks(SharedFiles.Shared("data/mot/TUD-Campus/gt.txt")), 0.5f, 0.6f, 640, 480);
        return new AccuracyFigures(
            total.Matched, total.Extra, motorcycles, colours.Right, colours.Called - colours.Right, classes.Right, classes.Called - classes.Right,
            synthetic.Colours.Right, synthetic.Colours.Called - synthetic.Colours.Right,
            junction.Score.Matched.Count, junction.Score.Extra.Count, Math.Round(junction.SpeedErrorKmh, 3),
            Math.Round(tracks.Hindsight.Hota.Hota, 4), Math.Round(tracks.Hindsight.Clear.Mota, 4), Math.Round(tracks.Hindsight.Identity.F1, 4),
            Math.Round(tracks.Live.Hota.Hota, 4))
        {
            StreetsMissed = streets.Missed,
            StreetsExtra = streets.Extra,
        };
    }

    /// <summary>Some of what the benchmark `streets` shows: by day, in the dark, with people, and a queue.</summary>
    private static async Task<StreetTally> CountStreetsAsync(CancellationToken cancellation)
    {
        const int Seed = 501, Seconds = 40;
        List<StreetCase> cases =
        [
            .. StreetCases.Of("day", Seed, 2, Seconds), .. StreetCases.Of("dark", Seed + 4, 1, Seconds), .. StreetCases.Of("people", Seed + 7, 1, Seconds),
            .. StreetCases.Of("queue", Seed + 9, 1, Seconds),
        ];
        var (detectors, tally) = (CountingSetting.Default.Catalog(), new StreetTally());
        await Parallel.ForEachAsync(cases, new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancellation }, async (street, stop) =>
        {
            var score = StreetScore.Of(await Task.Run(() => StreetFilm.DetectAsync(street, detectors, stop), stop));
            lock (tally) tally.Add(score);
        });
        return tally;
    }
}
