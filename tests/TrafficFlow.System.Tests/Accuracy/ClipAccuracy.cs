using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Scoring;
using TrafficFlow.Node.Score;
using TrafficFlow.Node.Settings;

namespace TrafficFlow.SystemTests.Accuracy;

/// <summary>The count of a real clip against its truth made by people.</summary>
internal sealed record ClipAccuracy(string Clip, CountScore Score, IReadOnlyList<MarkedResult> Marked)
{
    /// <summary>With truth for their gates; the first six are those that settings were once chosen on.</summary>
    public static readonly IReadOnlyList<string> WithTruth = ["blackfriars", "elephant", "hydepark", "road_barrier", "stuttgart", "suburb_37s"];

    /// <summary>With truth whose times are those of a front or a rear.</summary>
    public static readonly IReadOnlyList<string> WithRoughTruth = ["blackfriars_0628", "pentonville", "tooley"];

    private const double ToleranceSeconds = 0.8;
    private const double RoughToleranceSeconds = 1.5;

    public static double ToleranceOf(string clip) => WithRoughTruth.Contains(clip) ? RoughToleranceSeconds : ToleranceSeconds;

    public static bool IsMotorcycle(TruthCrossing vehicle) => vehicle.Class == VehicleClass.Motorcycle;

    /// <summary>Counts a clip; its marked vehicles are judged in the same run.</summary>
    public static async Task<ClipAccuracy> MeasureAsync(
        string clip, CountingSetting setting, Func<string, string> shared, IReadOnlyList<MarkedVehicle> marked, CancellationToken cancellation)
    {
        var camera = SiteSettings.Load(shared($"data/sites/{clip}.conf")).Site.Cameras[0];
        var judge = new MarkedJudge(clip, marked);
        var video = await CountedVideo.RunAsync(camera, setting, judge.See, cancellation);
        var counted = video.Crossings.Select(c => new CountedCrossing(c.Gate, c.Direction, CountedVideo.Seconds(c.Time), c.Class, c.Size)).ToList();
        var truth = CrossingFiles.ReadTruth(shared($"data/truth/{clip}.csv"));
        return new ClipAccuracy(clip, Scorer.Score(truth, counted, ToleranceOf(clip)), judge.Results(video));
    }
}
