using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Recounting;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Tests.Support;
using Xunit;

namespace TrafficFlow.Core.Tests.Counting;

/// <summary>What was found is counted again with other gates, as it would have been.</summary>
public sealed class SiteRecountTests
{
    private static readonly ApproachId s_north = new("north");

    [Fact]
    public void A_recount_says_what_the_pipeline_would_have_counted_with_each_set_of_gates()
    {
        var camera = Film.Camera(10, Film.Across(200));
        // Five cars drive down the picture, one behind the other; the last one has just come.
        var frames = Enumerable.Range(0, 600).Select(i => new SeenFrame(Film.At(i / 10.0), [.. Enumerable.Range(0, 5).Select(c => (i - (c * 120)) * 4.0f).Where(y => y is > 0 and < 350).Select(y => Film.Car(150, y))])).ToList();
        var crossings = new List<Core.Counting.Crossing>();
        var (pipeline, output) = (new CameraPipeline(camera, Film.Scores), new PipelineOutput());
        foreach (var frame in frames)
        {
            pipeline.Process(frame.Time, frame.Detections, output);
            crossings.AddRange(output.Crossings);
        }

        pipeline.Finish(output);
        crossings.AddRange(output.Crossings);
        Assert.NotEmpty(crossings);

        var recount = Recount(camera, frames);

        Assert.Equal(crossings.Count(c => c.Direction == Core.Counting.CrossingDirection.Forward), recount.Gates.Single().Forward);
        Assert.Equal(crossings.Count(c => c.Direction == Core.Counting.CrossingDirection.Backward), recount.Gates.Single().Backward);
        Assert.Equal(new Interval(frames[0].Time, frames[^1].Time), recount.Span);
        Assert.Equal(crossings.Count, recount.Ways.Count(w => !w.Gates.IsEmpty));

        var gate = camera.Gates[0];
        var flipped = Recount(camera with { Gates = [gate with { From = gate.To, To = gate.From, Forward = new GateMeaning(GateRole.Enters, s_north) }] }, frames);
        Assert.Equal((recount.Gates[0].Forward, recount.Gates[0].Backward), (flipped.Gates[0].Backward, flipped.Gates[0].Forward));
        Assert.Equal(flipped.Gates[0].Forward, flipped.Movements.Where(m => m.Approach == s_north && m.Movement == Movement.Entering).Sum(m => m.Count));

        var beside = Recount(camera with { Gates = [gate with { From = new(0.8, 0.1), To = new(0.9, 0.1) }] }, frames);
        Assert.Equal((0, 0), (beside.Gates[0].Forward, beside.Gates[0].Backward));
        Assert.All(beside.Ways, w => Assert.Empty(w.Gates));
    }

    [Fact]
    public void Nothing_that_was_seen_is_nothing_and_a_recount_that_nobody_waits_for_ends()
    {
        var camera = Film.Camera(10, Film.Across(200));
        Assert.True(Recount(camera, []).Span.IsEmpty);

        using var ended = new CancellationTokenSource();
        ended.Cancel();
        Assert.Throws<OperationCanceledException>(() => SiteRecount.Of(SiteOf(camera), [new SeenFrames(camera.Id, Film.Scores, [new SeenFrame(Film.At(0), [])])], ended.Token));
    }

    private static SiteRecount Recount(CameraSetup camera, IReadOnlyList<SeenFrame> frames) => SiteRecount.Of(SiteOf(camera), [new SeenFrames(camera.Id, Film.Scores, frames)], CancellationToken.None);

    private static Site SiteOf(CameraSetup camera) => new(new SiteId("a"), "a", TimeZoneInfo.Utc, [new Approach(s_north, "North")], [camera], "");
}
