using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Roadside.Outbox;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.OutboxEntries;
using TrafficFlow.Wire.Serialization;
using static TrafficFlow.Actors.Tests.Support.Counts;

namespace TrafficFlow.Actors.Tests.Delivery;

/// <summary>An outbox that finds damaged rows where its history was.</summary>
public sealed class DamagedOutboxTests
{
    private static readonly DamagedRow Damaged = new("entries-stored-v2", "flipped");
    private static readonly EpochOpened First = new(1, "first run", TestSites.Motion, [TestSites.North]);
    private long _row;

    [Fact]
    public void The_time_in_which_lost_counts_lay_is_not_delivered_as_watched()
    {
        var state = Recover(First, Stored(Car(1, 1), Watched(2, 0, 5)), Damaged, Stored(Car(5, 12), Watched(6, 10, 15)), Stored(Watched(7, 15, 20)));

        Assert.Equal(
            [(0.0, 5.0), (15, 15), (15, 20)],
            state.NextFor(TestSites.North, 100)!.Value.Entries.OfType<CoverageEntry>()
                .Select(c => ((c.Coverage.From - At(0)).TotalSeconds, (c.Coverage.To - At(0)).TotalSeconds)));
    }

    [Fact]
    public void A_row_that_told_only_how_far_approaches_are_costs_no_coverage()
    {
        var state = Recover(First, Stored(Car(1, 1), Watched(2, 0, 5)), Damaged, Stored(Car(3, 7), Watched(4, 5, 10)));

        Assert.Equal([5.0, 5], state.NextFor(TestSites.North, 100)!.Value.Entries.OfType<CoverageEntry>().Select(c => (c.Coverage.To - c.Coverage.From).TotalSeconds));
    }

    [Fact]
    public void No_epoch_is_opened_twice_although_the_row_that_told_of_it_is_lost()
    {
        var state = Recover(First, Stored(Watched(1, 0, 5)), Damaged);

        Assert.True(Assert.IsType<EpochOpened>(Assert.Single(state.Process(new OpenEpoch("second run", TestSites.Motion, [TestSites.North])))).Epoch > 1000);
        Assert.Empty(state.Process(new OpenEpoch("first run", TestSites.Motion, [TestSites.North])));
    }

    [Fact]
    public void Entries_of_an_epoch_whose_opening_is_lost_are_delivered_all_the_same()
    {
        var state = Recover(First, Stored(Watched(1, 0, 5)), Damaged, new EntriesStored(2, [Car(1, 11), Watched(2, 10, 15)]));

        var first = state.NextFor(TestSites.North, 100)!.Value;
        var second = state.Advance(TestSites.North, first.UpTo).NextFor(TestSites.North, 100)!.Value;
        Assert.Equal((new LogPosition(2, 2), 2), (second.UpTo, second.Entries.Length));
        Assert.True(((EpochOpened)state.Process(new OpenEpoch("second run", TestSites.Motion, [TestSites.North]))[0]).Epoch > 2);
    }

    private static EntriesStored Stored(params IReadOnlyList<OutboxEntry> entries) => new(1, entries);

    private OutboxState Recover(params IEnumerable<object> rows) => rows.Aggregate(
        OutboxState.Empty, (state, row) => row is DamagedRow damaged ? state.Apply(damaged) : state.Apply((OutboxEvent)row, ++_row));
}
