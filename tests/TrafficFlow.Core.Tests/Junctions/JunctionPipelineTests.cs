using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;
using TrafficFlow.Simulation;
using Xunit;

namespace TrafficFlow.Core.Tests.Junctions;

/// <summary>Journeys of the simulated junction, seen by four imperfect cameras.</summary>
public sealed class JunctionPipelineTests
{
    [Theory]
    [InlineData(0.0, 0.0, 0.0, 0.99)]
    [InlineData(0.25, 0.8, 0.02, 0.99)]
    [InlineData(0.4, 1.2, 0.05, 0.97)]
    public void Every_vehicle_that_four_cameras_see_is_one_journey(double noise, double bias, double breaks, double least)
    {
        var (journeys, truth, _) = Run(300, new SightFaults { Noise = noise, Bias = bias, BreaksPerSecond = breaks });

        var (precision, recall) = JourneyMatch.Score(truth, journeys);
        Assert.True(precision >= least && recall >= 0.99, $"precision {precision:0.0000}, recall {recall:0.0000}");
    }

    [Fact]
    public void A_vehicle_that_only_one_camera_sees_is_counted_all_the_same()
    {
        // The east camera is dark: who arrives there is seen by the others on the junction only.
        var (journeys, truth, _) = Run(300, new SightFaults { Dark = [1] });

        var (precision, recall) = JourneyMatch.Score(truth, journeys);
        Assert.True(precision >= 0.98 && recall >= 0.95, $"precision {precision:0.0000}, recall {recall:0.0000}");
    }

    [Fact]
    public void Whoever_entered_has_left_or_is_inside()
    {
        var sights = new SimulatedSights(JunctionSettings.Default, new SightFaults());
        var pipeline = new JunctionPipeline(MapSite.Site);
        var journeys = new List<Journey>();
        foreach (var sight in sights.Play(200))
        {
            pipeline.Process(sight, journeys);
            var book = pipeline.Conservation;
            Assert.Equal(book.Entered - book.Lost, book.Left - book.Appeared + book.Inside);
            Assert.Equal(journeys.Count, book.Whole + book.Lost + book.Appeared);
        }

        Assert.False(pipeline.IsConservationViolated);
    }

    [Fact]
    public void Cameras_that_miss_the_exits_are_noticed()
    {
        var blind = MapSite.Site with
        {
            Cameras = [.. MapSite.Site.Cameras.Select(c => c with { Gates = [.. c.Gates.Where(g => g.Forward!.Role == GateRole.Enters || g.Forward.Approach.Value != "south")] })],
        };
        var sights = new SimulatedSights(JunctionSettings.Default, new SightFaults());
        var pipeline = new JunctionPipeline(blind);
        var journeys = new List<Journey>();
        foreach (var sight in sights.Play(400)) pipeline.Process(sight, journeys);

        Assert.True(pipeline.IsConservationViolated, $"{pipeline.BrokenShare:0.00}");
    }

    [Fact]
    public void Nothing_is_given_out_behind_the_watermark()
    {
        var sights = new SimulatedSights(JunctionSettings.Default, new SightFaults());
        var pipeline = new JunctionPipeline(MapSite.Site);
        var journeys = new List<Journey>();
        var (late, before) = (0, DateTimeOffset.MinValue);
        foreach (var sight in sights.Play(200))
        {
            var known = journeys.Count;
            pipeline.Process(sight, journeys);
            late += journeys.Skip(known).Count(j => (j.EnteredAt ?? j.LeftAt) < before);
            Assert.True(pipeline.Watermark >= before);
            before = pipeline.Watermark;
        }

        Assert.True(late <= journeys.Count / 100, $"{late} of {journeys.Count} were late");
        Assert.True(sights.Junction.Now - (before - SimulatedSights.Start) < TimeSpan.FromSeconds(120));
    }

    [Fact]
    public void Equal_sights_give_equal_journeys()
    {
        var (one, _, _) = Run(120, new SightFaults());
        var (other, _, _) = Run(120, new SightFaults());

        Assert.NotEmpty(one);
        Assert.Equal(one, other);
    }

    private static (List<Journey> Journeys, JunctionTruth Truth, JunctionPipeline Pipeline) Run(double seconds, SightFaults faults, JunctionSettings? settings = null)
    {
        var sights = new SimulatedSights(settings ?? JunctionSettings.Default, faults);
        var pipeline = new JunctionPipeline(MapSite.Site);
        var journeys = new List<Journey>();
        foreach (var sight in sights.Play(seconds)) pipeline.Process(sight, journeys);
        pipeline.Finish(journeys);
        return (journeys, sights.Junction.Truth, pipeline);
    }
}
