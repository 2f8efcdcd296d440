using TrafficFlow.Node;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Watch;

[Collection(ProcessesCollection.Other)]
public sealed class WatchVerbTests
{
    [Fact]
    public async Task Watching_where_no_node_is_fails_with_the_remedy()
    {
        using var folder = new SettingsFolder();

        var ended = await TrafficflowProcess.RunAsync("watch", "flow.demo.north", "--data", folder.Path);

        Assert.Equal(ExitCodes.Failed, ended.Code);
        Assert.Contains($"there is no node in {folder.Path}", ended.Error);
        Assert.DoesNotContain("   at ", ended.Error);
    }

    [Theory]
    [InlineData("is no topic", "traffic.north")]
    [InlineData("--node is no more", "flow.demo.north", "--node", "127.0.0.1:4053")]
    [InlineData("which node?", "flow.demo.north")]
    [InlineData("give one of them", "flow.demo.north", "--data", "x", "--config", "y")]
    [InlineData("there is no such file", "flow.demo.north", "--config", "/no/such/node.conf")]
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
