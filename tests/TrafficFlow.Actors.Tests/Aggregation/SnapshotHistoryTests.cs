using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Server.Aggregation.State;

namespace TrafficFlow.Actors.Tests.Aggregation;

/// <summary>How far journal and snapshots may be deleted, and what a snapshot takes.</summary>
public sealed class SnapshotHistoryTests
{
    [Fact]
    public void The_journal_ends_behind_the_oldest_of_the_kept_snapshots_and_not_before_there_are_enough()
    {
        var history = SnapshotHistory.Empty;
        Assert.Equal((0, 0), (history.DeletableUpTo, history.JournalEndsAt(3, 10)));

        history = history.Add(100, 3).Add(200, 3);
        Assert.Equal((99, 0), (history.DeletableUpTo, history.JournalEndsAt(3, 10)));

        history = history.Add(300, 3);
        Assert.Equal((99, 90), (history.DeletableUpTo, history.JournalEndsAt(3, 10)));

        history = history.Add(400, 3);
        Assert.Equal((199, 190), (history.DeletableUpTo, history.JournalEndsAt(3, 10)));
        Assert.Equal(0, history.JournalEndsAt(3, 1_000_000_000));
    }

    [Fact]
    public void A_life_that_began_at_an_older_snapshot_knows_only_that_and_those_before_it()
    {
        // 300 was damaged: 200 told of 100, and the next one is 320.
        var history = new SnapshotHistory([100]).Add(200, 3).Add(320, 3);

        Assert.Equal([100, 200, 320], history.Kept);
        Assert.Equal([100, 150], history.Add(150, 3).Kept);
    }

    [Fact]
    public void Cells_survive_packing_and_take_a_third()
    {
        var random = new Random(7);
        var cells = MinuteCells.Empty;
        for (var i = 0; i < 20_000; i++)
        {
            var stream = new FlowStream(random.Next(2) == 0 ? Movement.Entering : Movement.Exiting, (VehicleClass)random.Next(3));
            cells = cells.Add(
                TestSites.Morning.AddSeconds(random.Next(3 * 86_400)), stream,
                FlowSums.Of((VehicleSize)random.Next(3), random.Next(4) == 0 ? null : 20 + (random.NextDouble() * 40)));
        }

        var packed = ApproachSnapshots.Take(ApproachState.Empty with { Cells = cells });

        Assert.Equal(cells.All, ApproachSnapshots.Restore(packed).Cells.All);
        var each = packed.CalculateSize() / (double)cells.All.Count();
        Assert.True(each < 27, $"{each:0.0} bytes a cell");
    }
}
