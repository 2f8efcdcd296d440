using TrafficFlow.Node;
using TrafficFlow.SystemTests.Processes;
using Xunit;

namespace TrafficFlow.SystemTests.Watch;

[Collection(ProcessesCollection.Name)]
public sealed class WatchVerbTests
{
    [Fact]
    public async Task Watching_where_no_node_is_fails_with_the_remedy()
    {
        var node = $"127.0.0.1:{Tools.FreePort()}";

        var ended = await TrafficflowProcess.RunAsync("watch", "flow.demo.north", "--node", node);

        Assert.Equal(ExitCodes.Failed, ended.Code);
        Assert.Contains($"no node answers at {node}", ended.Error);
        Assert.Contains("--node HOST:PORT", ended.Error);
        Assert.DoesNotContain("   at ", ended.Error);
    }

    [Theory]
    [InlineData("is no topic", "traffic.north")]
    [InlineData("write HOST:PORT", "flow.demo.north", "--node", "here")]
    [InlineData("--messages", "flow.demo.north", "--messages", "0")]
    [InlineData("cursor of a bin", "flow.demo.north", "--from", "-1")]
    [InlineData("a time with its offset", "journeys.demo", "--from", "2026-04-01T06:00")]
    [InlineData("have cursors", "flow.demo.north.live", "--from", "1")]
    public async Task What_cannot_be_watched_is_refused(string told, params string[] args)
    {
        var ended = await TrafficflowProcess.RunAsync(["watch", .. args]);

        Assert.Equal(ExitCodes.BadUsage, ended.Code);
        Assert.Contains(told, ended.Error);
    }
}
