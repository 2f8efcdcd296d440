using Akka.Util;
using TrafficFlow.Server.Membership;
using TrafficFlow.Wire.Access;

namespace TrafficFlow.Actors.Tests.Membership;

public sealed class NodeVersionTests
{
    private const string Commit = "d5f3a2b1c4e5d5f3a2b1c4e5d5f3a2b1c4e5d5f3";

    [Theory]
    [InlineData("0.1.0-538+" + Commit, "0.1.0-538-gd5f3a2b1c4")]
    [InlineData("0.1.0+" + Commit, "0.1.0")]
    [InlineData("0.1.0", "0.1.0")]
    public void It_is_that_of_the_build_without_what_cannot_be_compared(string informational, string version) =>
        Assert.Equal(version, NodeVersion.Of(informational));

    [Theory]
    [InlineData("0.1.0-1020", "0.1.0-538")]
    [InlineData("0.1.1-7", "0.1.0-538")]
    [InlineData("0.1.0-539", "0.1.0-538")]
    public void A_later_build_is_the_newer_one(string later, string earlier) =>
        Assert.True(AppVersion.Create(NodeVersion.Of($"{later}+0{Commit}")).CompareTo(AppVersion.Create(NodeVersion.Of($"{earlier}+{Commit}"))) > 0);

    [Fact]
    public void The_other_nodes_take_it() =>
        Assert.InRange(NodeVersion.Of($"10.100.1000-1000000+{Commit}").Length, 1, GossipCheck.LongestVersion);
}
