using TrafficFlow.Server.Membership;

namespace TrafficFlow.Actors.Tests.Membership;

public sealed class HinderingNodesTests
{
    [Theory]
    [InlineData("s1 s2 r1 r2", "", "")]
    [InlineData("s1 s2 r1", "", "r2")] // takes no gossip
    [InlineData("s1 r1", "", "")] // a server has not seen it either: it is on its way
    [InlineData("", "", "")]
    [InlineData("s1 s2 r1 r2", "r1", "r1")] // says that it does not reach this server
    [InlineData("s1", "r2", "r2")]
    public void Who_hinders_is_no_server_and_alone_in_it(string seen, string accusers, string hinder)
    {
        var (seenBy, accuse) = (seen.Split(' '), accusers.Split(' '));

        Assert.Equal(hinder.Split(' ', StringSplitOptions.RemoveEmptyEntries), HinderingNodes.Of(["r1", "r2"], ["s1", "s2"], seenBy.Contains, accuse.Contains));
    }
}
