using TrafficFlow.Server.Membership;

namespace TrafficFlow.Actors.Tests.Membership;

/// <summary>Servers are written by their addresses: 1 is the lowest.</summary>
public sealed class DowningDecisionTests
{
    [Theory]
    // reachable, unreachable, self, lease, other nodes out of reach -> verdict
    [InlineData("1 2", "", 1, false, true, DowningVerdict.DownUnreachable)]
    [InlineData("1 2", "", 2, false, true, DowningVerdict.Nothing)]
    [InlineData("1 2", "", 1, false, false, DowningVerdict.Nothing)]
    [InlineData("1 2", "3", 1, false, false, DowningVerdict.DownUnreachable)]
    [InlineData("3", "1 2", 3, false, false, DowningVerdict.DownThisSide)]
    [InlineData("1", "2", 1, false, false, DowningVerdict.DownUnreachable)]
    [InlineData("2", "1", 2, false, false, DowningVerdict.DownThisSide)]
    [InlineData("1", "2", 1, true, false, DowningVerdict.AskForLease)]
    [InlineData("2", "1", 2, true, false, DowningVerdict.AskForLeaseLater)]
    [InlineData("2 3", "1", 2, true, false, DowningVerdict.AskForLease)]
    [InlineData("2 3", "1", 3, true, false, DowningVerdict.Nothing)]
    [InlineData("3", "1 2", 3, true, true, DowningVerdict.AskForLeaseLater)]
    internal void Servers_alone_decide_and_one_of_each_side(
        string reachable, string unreachable, int self, bool hasLease, bool others, DowningVerdict verdict) =>
        Assert.Equal(verdict, DowningDecision.Of(Read(reachable), Read(unreachable), self, Comparer<int>.Default, hasLease, others));

    [Fact]
    public void Without_a_lease_exactly_one_of_two_sides_goes_on_however_the_servers_are_divided()
    {
        for (var servers = 2; servers <= 5; servers++)
        {
            for (var mask = 1; mask < (1 << servers) - 1; mask++)
            {
                var sides = Enumerable.Range(0, servers).ToLookup(s => (mask >> s & 1) == 1);
                var (one, other) = (sides[true].ToList(), sides[false].ToList());
                var verdicts = new[] { Decide(one, other), Decide(other, one) };

                Assert.Equal([DowningVerdict.DownUnreachable, DowningVerdict.DownThisSide], verdicts.Order());
            }
        }

        static DowningVerdict Decide(List<int> side, List<int> rest) =>
            DowningDecision.Of(side, rest, side[0], Comparer<int>.Default, hasLease: false, othersUnreachable: false);
    }

    private static int[] Read(string text) => [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
}
