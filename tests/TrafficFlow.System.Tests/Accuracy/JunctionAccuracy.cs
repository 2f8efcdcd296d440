using TrafficFlow.Core.Junctions;
using TrafficFlow.Simulation;
using TrafficFlow.Synthetic;

namespace TrafficFlow.SystemTests.Accuracy;

/// <summary>Journeys over the synthetic junction, as its four cameras see it, beside the simulation's truth.</summary>
internal sealed record JunctionAccuracy(
    JourneyTruth Truth, JourneyScore Score, IReadOnlyList<Journey> Journeys, JunctionPipeline Pipeline, IReadOnlyList<double> SpeedErrorsKmh)
{
    public double SpeedErrorKmh => SpeedErrorsKmh.Select(Math.Abs).DefaultIfEmpty().Average();

    /// <param name="spoil">What happens to the frames on their way; null: nothing.</param>
    public static async Task<JunctionAccuracy> MeasureAsync(
        SyntheticScene scene, double seconds, SyntheticObservations observations, Func<int, int, (bool IsLost, double Late)>? spoil, CancellationToken cancellation)
    {
        var recordings = await observations.DetectAsync(scene, seconds, cancellation);
        var pipeline = new JunctionPipeline(SyntheticJunction.Site);
        var journeys = new List<Journey>();
        foreach (var observation in observations.Track(recordings, spoil ?? ((_, _) => (false, 0)))) pipeline.Process(observation, journeys);
        pipeline.Finish(journeys);

        var settings = (scene.Traffic == "jam" ? JunctionSettings.Jammed : JunctionSettings.Default) with { Seed = scene.Seed };
        var truth = new JourneyTruth(settings, seconds);
        // Who stayed for long was counted in two parts: the second one tells the whole way.
        var score = truth.Score([.. journeys.Where(j => j.Part != JourneyPart.EntryAhead)]);
        var errors = score.Matched
            .Select(p => truth.SpeedKmh(p.True.Vehicle, p.Counted.EnteredAt!.Value) is { } kmh ? p.Counted.EnterSpeedKmh - kmh ?? double.NaN : double.NaN)
            .Where(double.IsFinite).ToList();
        return new JunctionAccuracy(truth, score, journeys, pipeline, errors);
    }
}
