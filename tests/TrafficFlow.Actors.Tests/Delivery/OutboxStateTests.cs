using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Roadside.Outbox;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.OutboxEntries;
using static TrafficFlow.Actors.Tests.Support.Counts;

namespace TrafficFlow.Actors.Tests.Delivery;

public sealed class OutboxStateTests
{
    private const int Unbounded = int.MaxValue;
    private long _journal;

    [Fact]
    public void The_same_run_gets_the_same_epoch_again()
    {
        var state = Open(OutboxState.Empty, "run-a");

        Assert.Empty(state.Process(Opening("run-a")));
        Assert.Equal(2, Assert.IsType<EpochOpened>(Assert.Single(state.Process(Opening("run-b")))).Epoch);
    }

    [Fact]
    public void Entries_that_are_stored_already_are_dropped()
    {
        var state = Apply(Open(OutboxState.Empty), s => s.Process(new Store(1, [Car(1, 1), Car(2, 2)]), Unbounded));

        var stored = Assert.IsType<EntriesStored>(Assert.Single(state.Process(new Store(1, [Car(1, 1), Car(2, 2), Car(3, 3)]), Unbounded)));

        Assert.Equal(3, Assert.Single(stored.Entries).Sequence);
        Assert.Empty(state.Process(new Store(1, [Car(2, 2)]), Unbounded));
    }

    [Fact]
    public void Entries_after_a_gap_or_of_another_epoch_are_not_stored()
    {
        var state = Open(OutboxState.Empty);

        Assert.Empty(state.Process(new Store(1, [Car(2, 2)]), Unbounded));
        Assert.Empty(state.Process(new Store(7, [Car(1, 1)]), Unbounded));
    }

    [Fact]
    public void Each_approach_gets_its_vehicles_and_all_coverage_in_order()
    {
        var state = Apply(Open(OutboxState.Empty), s => s.Process(new Store(1,
            [Car(1, 1), Car(2, 2, approach: TestSites.South), Watched(3, 0, 5), Car(4, 6, approach: TestSites.South)]), Unbounded));

        var north = state.NextFor(TestSites.North, 500)!.Value;
        var south = state.NextFor(TestSites.South, 500)!.Value;

        Assert.Equal([1, 3], north.Entries.Select(e => e.Sequence));
        Assert.Equal([2, 3, 4], south.Entries.Select(e => e.Sequence));
        Assert.Equal(new LogPosition(1, 4), north.UpTo);
    }

    [Fact]
    public void A_batch_ends_where_its_epoch_ends()
    {
        var state = Apply(Open(OutboxState.Empty, "a"), s => s.Process(new Store(1, [Car(1, 1)]), Unbounded));
        state = Apply(Open(state, "b"), s => s.Process(new Store(2, [Car(1, 9)]), Unbounded));

        var first = state.NextFor(TestSites.North, 500)!.Value;
        Assert.Equal(new LogPosition(1, 1), first.UpTo);
        var second = state.Apply(new Accepted(Cam1, TestSites.North, 1, 1)).NextFor(TestSites.North, 500)!.Value;
        Assert.Equal(new LogPosition(2, 1), second.UpTo);
    }

    [Fact]
    public void The_journal_is_needed_until_every_approach_has_accepted()
    {
        var state = Apply(Open(OutboxState.Empty), s => s.Process(new Store(1, [Car(1, 1), Watched(2, 0, 5)]), Unbounded));

        state = state.Apply(new Accepted(Cam1, TestSites.North, 1, 2));
        Assert.Equal(2, state.Pending);
        Assert.Equal(0, state.DeletableUpTo);

        state = state.Apply(new Accepted(Cam1, TestSites.South, 1, 2));
        Assert.Equal(0, state.Pending);
        Assert.Equal(_journal, state.DeletableUpTo);
    }

    [Fact]
    public void What_is_left_after_trimming_recovers_the_state()
    {
        var state = Apply(Open(OutboxState.Empty, "a"), s => s.Process(new Store(1, [Car(1, 1), Watched(2, 0, 5)]), Unbounded));
        state = state.Apply(new Accepted(Cam1, TestSites.North, 1, 2)).Apply(new Accepted(Cam1, TestSites.South, 1, 2));
        var acknowledged = state.Acknowledge();

        // Everything before it is deleted.
        var recovered = OutboxState.Empty.Apply(acknowledged, ++_journal);

        Assert.Equal(state.LastStored, recovered.LastStored);
        Assert.Empty(recovered.Process(Opening("a")));
        Assert.Empty(recovered.Process(new Store(1, [Car(1, 1), Watched(2, 0, 5)]), Unbounded));
        Assert.Null(recovered.NextFor(TestSites.North, 500));
    }

    [Fact]
    public void At_the_bound_the_oldest_go_and_their_time_shows_as_missing()
    {
        var state = Apply(Open(OutboxState.Empty), s => s.Process(new Store(1, [Car(1, 1), Watched(2, 0, 5), Car(3, 8)]), 4));
        var events = state.Process(new Store(1, [Watched(4, 5, 10), Watched(5, 10, 15)]), 4);
        Assert.Collection(events, e => Assert.IsType<EntriesDropped>(e), e => Assert.IsType<EntriesStored>(e));

        state = Apply(state, _ => events);

        Assert.Equal((3, 2), (state.DroppedTotal, state.Pending));
        var sent = state.NextFor(TestSites.North, 500)!.Value;
        // The car of second 8 is lost, so [5, 10) is covered only behind it.
        var coverage = sent.Entries.Cast<CoverageEntry>().Select(c => (c.Coverage.From, c.Coverage.To)).ToList();
        Assert.Equal([(At(8).AddTicks(1), At(10)), (At(10), At(15))], coverage);
    }

    [Fact]
    public void Accepted_entries_of_a_live_camera_are_kept_for_a_stated_time_and_what_is_not_accepted_for_longer()
    {
        var opening = Opening("live") with { Origin = new ClockOrigin("boot", TimeSpan.Zero, At(0)) };
        var state = Apply(new OutboxState(1_000), s => s.Process(opening));
        state = Apply(state, s => s.Process(new Store(1, [Car(1, 1), Watched(2, 0, 5)]), Unbounded));
        state = Apply(state, s => s.Process(new Store(1, [Car(3, 6), Watched(4, 5, 10)]), Unbounded));
        foreach (var approach in new[] { TestSites.North, TestSites.South }) state = state.Apply(new Accepted(Cam1, approach, 1, 2));

        Assert.Same(state, state.Age(At(5)));
        var aged = state.Age(At(1_000));

        Assert.Equal((1, 0, 0, 2), (aged.Batches.Count, aged.AcceptedBatches, aged.Retained, aged.Pending));
        Assert.True(aged.DeletableUpTo > state.DeletableUpTo);
        Assert.Equal([3, 4], aged.NextFor(TestSites.North, 10)!.Value.Entries.Select(e => e.Sequence));
    }

    [Fact]
    public void What_no_server_has_fetched_goes_at_the_age_that_the_site_allows_and_shows_as_missing()
    {
        var opening = Opening("live") with { Origin = new ClockOrigin("boot", TimeSpan.Zero, At(0)) };
        var state = Apply(new OutboxState(1_000), s => s.Process(opening));
        state = Apply(state, s => s.Process(new Store(1, [Car(1, 1), Watched(2, 0, 5)]), Unbounded));
        state = Apply(state, s => s.Process(new Store(1, [Car(3, 8), Watched(4, 5, 10)]), Unbounded));
        Assert.Null(state.OverAge(null, null));
        Assert.Null(state.OverAge(At(100), null));
        Assert.Null(state.OverAge(null, At(5)));

        var over = state.OverAge(null, At(6));
        Assert.NotNull(over);
        state = Apply(state, _ => [over]);

        Assert.Equal((2, 2), (state.DroppedTotal, state.Pending));
        Assert.Equal(At(5), state.MissingUntil);
        Assert.Equal([3, 4], state.NextFor(TestSites.North, 10)!.Value.Entries.Select(e => e.Sequence));
    }

    [Fact]
    public void An_unknown_event_is_refused() =>
        Assert.Throws<NotSupportedException>(() => OutboxState.Empty.Apply(new StrangeEvent(), 1));

    private sealed record StrangeEvent : OutboxEvent;

    private static OpenEpoch Opening(string run) => new(run, TestSites.Motion, [TestSites.North, TestSites.South]);

    private OutboxState Open(OutboxState state, string run = "run") => Apply(state, s => s.Process(Opening(run)));

    private OutboxState Apply(OutboxState state, Func<OutboxState, IReadOnlyList<OutboxEvent>> process) =>
        process(state).Aggregate(state, (s, e) => s.Apply(e, ++_journal));
}
