using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Proposal;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Tests.Support;
using Xunit;

namespace TrafficFlow.Core.Tests.Proposal;

public sealed class PathRecorderTests
{
    private static readonly FrameFormat Frame = new(Film.Width, Film.Height, 10);

    [Fact]
    public void A_queue_that_stands_and_jitters_makes_no_stream()
    {
        var random = new Random(7);
        var queue = Enumerable.Range(0, 6).Select(i => (Seen)(_ => Film.Car(300 + Jitter(), 60 + (48 * i) + Jitter()))).ToArray();

        var paths = Record(120, queue);

        Assert.Empty(SiteProposer.Propose(paths, Frame).Gates);
        Assert.All(paths, p => Assert.True(p.Points.Count < 40));

        double Jitter() => (random.NextDouble() - 0.5) * 6;
    }

    [Fact]
    public void A_car_that_drives_past_a_queue_makes_the_only_stream()
    {
        Seen[] things = [.. Enumerable.Range(0, 5).Select(i => (Seen)(_ => Film.Car(420, 80 + (50 * i)))), t => t < 8 ? Film.Car(250, 40 + (38 * t)) : null];

        var gate = Assert.Single(SiteProposer.Propose(Record(10, things), Frame).Gates).Gate;

        Assert.Equal("stream-1-down", gate.Id.Value);
        var film = Film.Run(10, 10, gate, things);
        Assert.Equal("stream-1-down Forward", film.Summary()[..21]);
        Assert.Single(film.Crossings);
    }

    [Fact]
    public void A_path_ends_where_the_lower_border_cuts_the_vehicle_off()
    {
        // The car leaves through the lower border and turns there: its box slides along.
        Seen car = t => t < 6 ? Film.Car(300, 100 + (43 * t)) : t < 10 ? Film.Car(300 + (60 * (t - 6)), Film.Height) : null;

        var path = Assert.Single(Record(10, car));

        Assert.InRange(path.Points[^1].X, 295, 310);
    }

    [Theory]
    [InlineData(2, 0)]
    [InlineData(9, 1)]
    public void What_is_seen_as_a_person_too_is_no_vehicle_unless_once_in_a_while(int every, int paths)
    {
        Seen walker = t => Film.Car(100 + (40 * t), 200);
        Seen person = t => (int)Math.Round(t * 10) % every == 0 ? Film.Car(100 + (40 * t), 200) with { Kind = DetectedKind.Person } : null;

        Assert.Equal(paths, Record(8, walker, person).Count);
    }

    private static IReadOnlyList<MotionPath> Record(double seconds, params Seen[] things)
    {
        var recorder = new PathRecorder(Frame, ProposalSettings.Default);
        var pipeline = new CameraPipeline(Film.Camera(10), Film.Scores);
        var output = new PipelineOutput();
        for (var frame = 0; frame <= seconds * 10; frame++)
        {
            List<Core.Detection.Detection> detections = [.. things.Select(t => t(frame / 10.0)).OfType<Core.Detection.Detection>()];
            pipeline.Process(Film.At(frame / 10.0), detections, output);
            recorder.Add(frame / 10.0, output, detections);
        }

        return recorder.Paths();
    }
}
