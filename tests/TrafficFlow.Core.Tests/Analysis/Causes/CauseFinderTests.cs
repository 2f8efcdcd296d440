using TrafficFlow.Analysis.Causes;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Signals;
using TrafficFlow.Core.Sites;
using Xunit;

namespace TrafficFlow.Core.Tests.Analysis.Causes;

/// <summary>Causes that were put into the simulated junction, seen with errors; how often they are told rightly on many fresh seeds, the benchmark causes measures.</summary>
public sealed class CauseFinderTests
{
    private static readonly NoSignals s_dark = new();

    [Theory]
    [InlineData(CauseKind.GreenTooShort)]
    [InlineData(CauseKind.SpillBack)]
    [InlineData(CauseKind.Incident)]
    [InlineData(CauseKind.Weather)]
    [InlineData(CauseKind.CameraTrouble)]
    public void What_was_put_in_is_told_first(CauseKind kind) => AssertTold(kind, 103);

    [Theory]
    [Trait("Run", "Long")]
    [InlineData(CauseKind.CycleTooLong)]
    [InlineData(CauseKind.BadOffset)]
    [InlineData(CauseKind.BlockedLane)]
    [InlineData(CauseKind.RightTurnOverflow)]
    [InlineData(CauseKind.ShortTurnLane)]
    [InlineData(CauseKind.HeavyShare)]
    [InlineData(CauseKind.DemandSurge)]
    [InlineData(CauseKind.PedestrianPhase)]
    public void The_other_kinds_too(CauseKind kind) => AssertTold(kind, 103);

    [Theory]
    [InlineData(101)]
    [InlineData(102)]
    [InlineData(103)]
    public void Of_an_hour_that_runs_freely_no_cause_is_named(int seed)
    {
        var record = SeenJunction.Of(TroubledJunction.Draw(null, seed));
        Assert.True(record.Journeys.Length > 500);
        Assert.Empty(CauseFinder.Find(record, record.Controller!, []));
    }

    [Fact]
    public void Without_signals_or_directions_nothing_is_said_that_rests_on_them()
    {
        var record = SeenJunction.Of(TroubledJunction.Draw(CauseKind.GreenTooShort, 103));
        var blank = record with { Controller = null, Approaches = [.. record.Approaches.Select(a => a with { HeadingDegrees = null })] };
        var kinds = CauseFinder.Find(blank, s_dark, []).Select(f => f.Kind).ToList();
        Assert.DoesNotContain(kinds, k => k is CauseKind.GreenTooShort or CauseKind.CycleTooLong or CauseKind.BadOffset or CauseKind.RightTurnOverflow or CauseKind.ShortTurnLane or CauseKind.PedestrianPhase);
    }

    [Fact]
    public void Of_nothing_seen_only_the_cameras_are_told()
    {
        var record = SeenJunction.Of(TroubledJunction.Draw(null, 104));
        Assert.Empty(CauseFinder.Find(record with { Journeys = [] }, record.Controller!, []));
        var dark = record with { Journeys = [], Approaches = [.. record.Approaches.Select(a => a with { Watched = IntervalSet.Empty })] };
        var told = CauseFinder.Find(dark, record.Controller!, []);
        Assert.Equal(record.Approaches.Length, told.Length);
        Assert.All(told, f => Assert.Equal((CauseKind.CameraTrouble, 0.0), (f.Kind, f.VehicleHoursLost)));
        var instant = record with { Journeys = [], Span = new Interval(record.Span.From, record.Span.From) };
        Assert.Empty(CauseFinder.Find(instant, record.Controller!, []));
    }

    [Fact]
    public void Trouble_under_a_camera_that_cannot_be_believed_is_not_told()
    {
        var record = SeenJunction.Of(TroubledJunction.Draw(CauseKind.GreenTooShort, 103));
        var first = CauseFinder.Find(record, record.Controller!, [])[0];
        var spoilt = record with { Cameras = [.. record.Cameras.Select(c => c.Feeds.Contains(first.Approach!.Value) ? c with { Degraded = IntervalSet.Of(record.Span) } : c)] };
        var told = CauseFinder.Find(spoilt, record.Controller!, []);
        Assert.Contains(told, f => f.Kind == CauseKind.CameraTrouble && f.Approach == first.Approach);
        Assert.DoesNotContain(told, f => f.Kind != CauseKind.CameraTrouble && f.Approach == first.Approach);
    }

    private static void AssertTold(CauseKind kind, int seed)
    {
        var junction = TroubledJunction.Draw(kind, seed);
        var record = SeenJunction.Of(junction);
        var told = CauseFinder.Find(record, record.Controller!, []);
        Assert.NotEmpty(told);
        Assert.Equal(kind, told[0].Kind);
        // These may come on several approaches at once.
        if (kind is not (CauseKind.CycleTooLong or CauseKind.Weather or CauseKind.PedestrianPhase or CauseKind.HeavyShare or CauseKind.DemandSurge)) Assert.Equal(junction.Approach, told[0].Approach);
        Assert.All(told, f =>
        {
            Assert.InRange(f.Confidence, 0.01, 1);
            Assert.NotEmpty(f.Evidence);
            Assert.All(f.Evidence, e => Assert.True(double.IsFinite(e.Value) && e.Reference is not { } r || double.IsFinite(e.Reference!.Value)));
            Assert.DoesNotContain(f.Kind, f.Rivals);
        });
    }

    private sealed class NoSignals : ISignalPhases
    {
        public IEnumerable<SignalPhase> Overlapping(ApproachId approach, Interval interval) => [];
    }
}
