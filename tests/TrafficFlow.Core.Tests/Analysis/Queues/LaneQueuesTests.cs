using TrafficFlow.Analysis.Queues;
using TrafficFlow.Analysis.Records;
using TrafficFlow.Analysis.Studies;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Signals;
using TrafficFlow.Core.Sites;
using Xunit;

namespace TrafficFlow.Core.Tests.Analysis.Queues;

/// <summary>Queues of lanes told from journeys of cumulative curves with known truth.</summary>
public sealed class LaneQueuesTests
{
    private const double Hour = 3600;

    private static readonly Interval s_hour = new(CumulativeLane.Zero, CumulativeLane.Zero.AddSeconds(Hour));

    [Theory]
    [InlineData(22_921, 250, 80)]
    [InlineData(22_922, 350, 80)]
    [InlineData(22_923, 450, 80)]
    public void A_queue_within_sight_is_told_to_the_vehicle(int seed, double perHour, double seen)
    {
        var lane = new CumulativeLane { CycleSeconds = 90, GreenSeconds = 35, SeenMetres = seen }.Run(seed, Hour, perHour, 0, CumulativeLane.North);

        var (cycles, near, flagged, held) = Judge(lane, StudyQueues.Find(Record(lane), lane.Signals, TestContext.Current.CancellationToken));

        Assert.True(near >= 0.95 * cycles, $"{near} of {cycles} within a vehicle");
        Assert.True(flagged >= 0.97 * cycles, $"{flagged} of {cycles} flagged right");
        Assert.True(held >= 0.9 * cycles, $"{held} of {cycles} within the interval");
    }

    [Theory]
    [InlineData(22_931, 300, 120)]
    [InlineData(22_932, 350, 120)]
    [InlineData(22_933, 400, 150)]
    public void A_queue_beyond_sight_is_estimated_and_flagged(int seed, double perHour, double cycleSeconds)
    {
        var lane = new CumulativeLane { CycleSeconds = cycleSeconds, GreenSeconds = cycleSeconds * 0.4, SeenMetres = 44 }.Run(seed, 3 * Hour, perHour, 0, CumulativeLane.North);
        var queues = StudyQueues.Find(Record(lane, 3 * Hour), lane.Signals, TestContext.Current.CancellationToken);

        Assert.True(lane.Backs.Values.Count(b => b > 44) >= 20, "queues beyond sight");
        var (cycles, near, flagged, held) = Judge(lane, queues);
        Assert.True(near >= 0.7 * cycles, $"{near} of {cycles} within a vehicle");
        Assert.True(flagged >= 0.85 * cycles, $"{flagged} of {cycles} flagged right");
        Assert.True(held >= 0.8 * cycles, $"{held} of {cycles} within the interval");
    }

    [Fact]
    public void Lanes_are_numbered_from_the_kerb_on_either_side_of_the_road()
    {
        var lane = new CumulativeLane { CycleSeconds = 90, GreenSeconds = 35, SeenMetres = 80 };
        lane.Run(22_941, Hour, 120, -1.6, CumulativeLane.North);
        lane.Run(22_942, Hour, 380, 1.6, CumulativeLane.North);

        var left = StudyQueues.Find(Record(lane), lane.Signals, TestContext.Current.CancellationToken);
        var right = StudyQueues.Find(Record(lane), lane.Signals, TestContext.Current.CancellationToken, drivesOnLeft: false);

        Assert.Equal([1, 2], left.Select(q => q.Lane).Distinct());
        Assert.True(Mean(left, 2) > 2 * Mean(left, 1));
        Assert.Equal(Mean(left, 2), Mean(right, 1));
        Assert.Equal(left.Select(q => (q.Lane, q.Cycle.From)).Order(), left.Select(q => (q.Lane, q.Cycle.From)));

        static double Mean(IEnumerable<LaneCycleQueue> queues, int number) => queues.Where(q => q.Lane == number).Average(q => q.BackMetres!.Value.Value);
    }

    [Fact]
    public void What_nobody_watched_is_not_told_and_what_is_empty_is()
    {
        var lane = new CumulativeLane { CycleSeconds = 90, GreenSeconds = 35, SeenMetres = 80 }.Run(22_943, Hour, 60, 0, CumulativeLane.North);
        var gap = new Interval(CumulativeLane.Zero.AddSeconds(1000), CumulativeLane.Zero.AddSeconds(1400));
        var record = Record(lane);
        var watched = IntervalSet.Of(new Interval(s_hour.From, gap.From), new Interval(gap.To, s_hour.To));
        record = record with
        {
            Approaches = [record.Approaches[0] with { Watched = watched }],
            Journeys = [.. record.Journeys.Where(j => j.EnteredAt < gap.From || j.EnteredAt >= gap.To)],
        };

        var queues = StudyQueues.Find(record, lane.Signals, TestContext.Current.CancellationToken);

        Assert.All(queues, q => Assert.Equal(watched.Covers(q.Cycle), q.BackMetres is not null));
        Assert.Contains(queues, q => q.BackMetres is null);
        Assert.Contains(queues, q => q is { BackMetres.Value: 0, Vehicles: 0, IsBeyondSight: false });
    }

    [Fact]
    public void Without_lanes_or_signals_there_is_nothing()
    {
        var lane = new CumulativeLane { CycleSeconds = 90, GreenSeconds = 35, SeenMetres = 80 }.Run(22_944, Hour, 300, 0, CumulativeLane.North);
        var record = Record(lane);
        var blind = record with { Journeys = [.. record.Journeys.Select(j => j with { LateralMetres = null })] };

        Assert.Empty(StudyQueues.Find(blind, lane.Signals, TestContext.Current.CancellationToken));
        Assert.Empty(StudyQueues.Find(record, new Dark(), TestContext.Current.CancellationToken));
        Assert.Empty(StudyQueues.Find(record with { Journeys = [] }, lane.Signals, TestContext.Current.CancellationToken));
        // Of before version 6 of the tables: nobody noted who joined where, and yet passages tell of queues.
        var former = record with { Journeys = [.. record.Journeys.Select(j => j with { QueuedAt = null, QueuedMetres = null })] };
        Assert.Contains(StudyQueues.Find(former, lane.Signals, TestContext.Current.CancellationToken), q => q.BackMetres is { Value: > 10 });
    }

    [Fact]
    public void Who_was_not_seen_across_the_gate_is_in_the_lane_of_its_movement()
    {
        var lane = new CumulativeLane { CycleSeconds = 90, GreenSeconds = 35, SeenMetres = 80 }.Run(22_945, Hour, 400, 0, CumulativeLane.North);
        var random = new Random(22_946);
        var record = Record(lane);
        record = record with { Journeys = [.. record.Journeys.Select(j => random.Next(10) == 0 ? j with { LateralMetres = null } : j)] };

        var (cycles, near, _, _) = Judge(lane, StudyQueues.Find(record, lane.Signals, TestContext.Current.CancellationToken));

        Assert.True(near >= 0.9 * cycles, $"{near} of {cycles} within a vehicle");
    }

    private static (int Cycles, int Near, int Flagged, int Held) Judge(CumulativeLane lane, IReadOnlyList<LaneCycleQueue> queues)
    {
        var judged = queues.Where(q => lane.Backs.ContainsKey(q.Cycle.To)).Select(q => (Told: q, True: lane.Backs[q.Cycle.To])).ToList();
        Assert.True(judged.Count > 20);
        Assert.All(judged, j => Assert.NotNull(j.Told.BackMetres));
        foreach (var (told, truth) in judged.Where(j => Math.Abs(j.Told.BackMetres!.Value.Value - j.True) > 7.5))
            TestContext.Current.TestOutputHelper!.WriteLine($"{(told.GreenBegin - CumulativeLane.Zero).TotalSeconds:0}: true {truth:0.0}, told {told.BackMetres}");
        return (
            judged.Count,
            judged.Count(j => Math.Abs(j.Told.BackMetres!.Value.Value - j.True) <= 7.5),
            judged.Count(j => j.Told.IsBeyondSight == j.True > lane.SeenMetres),
            judged.Count(j => j.Told.BackMetres!.Value is var b && j.True >= b.Low - 0.1 && j.True <= b.High + 0.1));
    }

    private static JunctionRecord Record(CumulativeLane lane, double seconds = Hour)
    {
        var span = new Interval(CumulativeLane.Zero, CumulativeLane.Zero.AddSeconds(seconds));
        var watched = IntervalSet.Of(span);
        return new JunctionRecord(
            new SiteId("test"), "Test", TimeZoneInfo.Utc, span, [new ApproachRecord(CumulativeLane.North, "North", watched, [], lane.SeenMetres + CumulativeLane.GateToLine)], [],
            [.. lane.Journeys.OrderBy(j => j.LastSeenAt)]);
    }

    private sealed class Dark : ISignalPhases
    {
        public IEnumerable<SignalPhase> Overlapping(ApproachId approach, Interval interval) => [];
    }
}
