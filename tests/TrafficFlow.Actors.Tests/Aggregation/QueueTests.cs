using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Core.Flow;
using TrafficFlow.Server.Aggregation.State;
using TrafficFlow.Wire.OutboxEntries;
using static TrafficFlow.Actors.Tests.Support.Counts;

namespace TrafficFlow.Actors.Tests.Aggregation;

/// <summary>Queues come with coverage and stand beside the counts of a bin.</summary>
public sealed class QueueTests
{
    private static readonly AggregationSettings Settings = new() { Retention = TimeSpan.FromHours(2) };
    private readonly ApproachSetup _setup = Setup(Cam1);
    private ApproachState _state = ApproachState.Empty;

    [Fact]
    public void Queues_of_the_minutes_add_up_to_those_of_longer_bins()
    {
        Take(1, Queued(1, 0, 60, new QueueSums(60, 600, 25, 120, 4)), Queued(2, 60, 120, new QueueSums(30, 0, 0, 0, 0)), Queued(3, 120, 310, null));

        var minutes = Closed(BinDuration.OneMinute);
        Assert.Equal([10, 0, null, null, null], minutes.Select(b => b.Queue?.MeanMetres));
        var five = Assert.Single(Closed(BinDuration.FiveMinutes));
        Assert.Equal(new QueueSums(90, 600, 25, 120, 4), five.Queue);
    }

    [Fact]
    public void Only_the_approach_s_own_queue_is_kept()
    {
        var coverage = new Coverage(Cam1, At(0), At(65), 50, 0, WatchState.Watching)
        {
            Queues = [new QueueReading(TestSites.South, At(0), new QueueSums(60, 6000, 100, 600, 20)), new QueueReading(TestSites.North, At(0), new QueueSums(60, 60, 10, 60, 2))],
        };
        var counted = _state.Process(Batch(Cam1, 1, new CoverageEntry(1, coverage)), _setup, Settings, At(66))!;

        Assert.Equal(TestSites.North, Assert.Single(((CoverageEntry)counted.Entries[0]).Coverage.Queues).Approach);
        _state = _state.Apply(counted, _setup);
        Assert.Equal(10, Assert.Single(Closed(BinDuration.OneMinute)).Queue!.Value.MaxMetres);
    }

    [Fact]
    public void A_batch_that_comes_twice_adds_its_queue_once_and_a_snapshot_keeps_it()
    {
        OutboxEntry[] entries = [Queued(1, 0, 65, new QueueSums(60, 600, 25, 120, 4))];
        Take(1, entries);
        Assert.Null(_state.Process(Batch(Cam1, 1, entries), _setup, Settings, At(66)));

        _state = ApproachSnapshots.Restore(ApproachSnapshots.Take(_state));

        Assert.Equal(new QueueSums(60, 600, 25, 120, 4), Assert.Single(Closed(BinDuration.OneMinute)).Queue);
    }

    [Fact]
    public void Old_queues_are_evicted_with_their_cells()
    {
        Take(1, Queued(1, 0, 65, new QueueSums(60, 600, 25, 120, 4)));
        Take(1, Queued(2, 4 * 3600, (5 * 3600) + 60, new QueueSums(60, 600, 25, 120, 4)));

        Assert.Equal(At(4 * 3600), Assert.Single(_state.Cells.Queues).Minute);
    }

    private static OutboxEntry Queued(long sequence, double from, double to, QueueSums? queue) => new CoverageEntry(
        sequence, new Coverage(Cam1, At(from), At(to), 50, 0, WatchState.Watching) { Queues = queue is { } q ? [new QueueReading(TestSites.North, At(from), q)] : [] });

    private void Take(long epoch, params OutboxEntry[] entries)
    {
        var at = entries.Max(e => ((CoverageEntry)e).Coverage.To);
        _state = _state.Apply(_state.Process(Batch(Cam1, epoch, entries), _setup, Settings, at)!, _setup);
    }

    private List<FlowBin> Closed(BinDuration duration) =>
        [.. _state.Bins(new Interval(At(0), At(86_400)), duration, _setup).Where(b => b.IsClosed)];
}
