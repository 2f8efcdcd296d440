using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Core.Sites;
using TrafficFlow.Roadside.Outbox;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.OutboxEntries;
using static TrafficFlow.Actors.Tests.Support.Counts;

namespace TrafficFlow.Actors.Tests.Delivery;

public sealed class OutboxPeekTests
{
    [Fact]
    public void All_that_waits_is_shown_where_it_is_little_else_the_first_and_the_last()
    {
        var state = State(1, 2, 3, 4, 5, 6, 7);

        Assert.Equal([1, 2, 3, 4, 5, 6, 7], state.Peek(4).Select(e => e.Entry.Sequence));
        Assert.Equal([1, 2, 6, 7], state.Peek(2).Select(e => e.Entry.Sequence));
        Assert.All(state.Peek(2), e => Assert.Equal(1, e.Epoch));
    }

    [Fact]
    public void A_lane_waits_for_what_lies_after_its_position()
    {
        var state = State(1, 2, 3).Apply(new Accepted(Cam1, TestSites.North, 1, 2));

        Assert.Equal(1, state.PendingFor(TestSites.North));
        Assert.Equal(3, state.PendingFor(new ApproachId("other")));
    }

    private static OutboxState State(params long[] sequences) => OutboxState.Empty
        .Apply(new EpochOpened(1, "run", TestSites.Motion, [TestSites.North]), 1)
        .Apply(new EntriesStored(1, [.. sequences.Select(s => Car(s, s))]), 2);
}
