using TrafficFlow.Wire.Audit;
using TrafficFlow.Wire.Authorization;
using static TrafficFlow.Actors.Tests.Support.Counts;

namespace TrafficFlow.Actors.Tests.Audit;

public sealed class AuditStateTests
{
    private static readonly AuditSettings Short = new() { Retention = TimeSpan.FromSeconds(100), MaxCommands = 3 };

    [Fact]
    public void An_outcome_belongs_to_its_command()
    {
        var state = AuditState.Empty.Apply(1, Started(0)).Apply(2, Started(1)).Apply(new CommandEnded(At(2), 1, "done"));

        Assert.Equal([(2, null), (1, "done")], state.Last(9).Select(e => (e.Number, e.Outcome)));
        Assert.Equal([2], state.Last(1).Select(e => e.Number));
    }

    [Fact]
    public void What_is_older_than_the_retention_goes_from_the_beginning()
    {
        var (kept, through) = AuditState.Empty.Apply(1, Started(0)).Apply(3, Started(50)).Apply(5, Started(90)).Trim(At(151), Short);

        Assert.Equal(3, through);
        Assert.Equal(5, Assert.Single(kept.Last(9)).Number);
    }

    [Fact]
    public void Beyond_the_bound_the_oldest_go()
    {
        var state = Enumerable.Range(1, 5).Aggregate(AuditState.Empty, (s, i) => s.Apply(i, Started(i)));

        var (kept, through) = state.Trim(At(6), Short);

        Assert.Equal(2, through);
        Assert.Equal([5, 4, 3], kept.Last(9).Select(e => e.Number));
        Assert.Equal(0, kept.Trim(At(6), Short).DeleteThrough);
    }

    [Fact]
    public void The_outcome_of_a_command_that_went_is_passed_over() =>
        Assert.Empty(AuditState.Empty.Apply(new CommandEnded(At(2), 1, "done")).Last(9));

    private static CommandStarted Started(double seconds) => new(At(seconds), new Principal("anna", "unix:anna"), "camera restart cam1", "this node");
}
