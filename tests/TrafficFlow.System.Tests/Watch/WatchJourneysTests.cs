using System.Text.Json;
using Akka.Actor;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node;
using TrafficFlow.Synthetic;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.OutboxEntries;
using TrafficFlow.Wire.Routing;
using Xunit;

namespace TrafficFlow.SystemTests.Watch;

/// <summary>`watch journeys.SITE` of a server to which the test delivers journeys.</summary>
[Collection(ProcessesCollection.Other)]
public sealed class WatchJourneysTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly DateTimeOffset Morning = new(2026, 4, 1, 8, 0, 0, TimeSpan.FromHours(9));
    private static readonly Site Junction = SyntheticJunction.Site;

    private readonly SettingsFolder _folder = new();
    private WatchedServer _server = null!;

    [Fact]
    public async Task From_a_time_on_come_the_stored_ones_in_order_of_their_end_then_the_new_ones_and_a_cursor_goes_on()
    {
        await DeliverAsync(1, (1, 1), (2, 9), (3, 7), (4, 5));
        await using var watch = TrafficflowProcess.Start("watch", Topic, "--data", _folder.Path, "--json", "--from", "2026-04-01T08:05+09:00", "--messages", "6");
        await watch.UntilAsync(() => watch.OutputLines.Count() == 3, Patience, "the stored journeys came");
        // One that ended before the others, and comes late.
        await DeliverAsync(5, (5, 2));
        await DeliverAsync(6, (6, 10), (7, 11));
        var ended = await watch.WaitAsync(Patience);
        Assert.True(ended.Code == ExitCodes.Done, ended.Error);
        var lines = Lines(ended.Output);
        Assert.Equal([4, 3, 2, 5, 6, 7], lines.Select(l => l.Number));

        // From the middle of the stored ones, and from the middle of the new ones.
        Assert.Equal([3, 2, 5], await FromAsync(lines[0].Cursor, 3));
        Assert.Equal([6, 7], await FromAsync(lines[3].Cursor, 2));
    }

    [Fact]
    public async Task A_site_without_a_junction_is_told_with_those_that_have_one()
    {
        var ended = await TrafficflowProcess.RunAsync("watch", "journeys.demu", "--data", _folder.Path, "--from", "0");

        Assert.Equal(ExitCodes.Failed, ended.Code);
        Assert.Contains("site demu of the server has no junction", ended.Error);
        Assert.Contains($"did you mean {Junction.Id}?", ended.Error);
        Assert.DoesNotContain(ApproachId.Journeys.Value, ended.Error);
    }

    public async ValueTask InitializeAsync() => _server = await WatchedServer.StartAsync(_folder.Path, Junction);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    private static string Topic => $"journeys.{Junction.Id}";

    private async Task<IEnumerable<int>> FromAsync(string cursor, int count)
    {
        var ended = await TrafficflowProcess.RunAsync("watch", Topic, "--data", _folder.Path, "--json", "--from", cursor, "--messages", $"{count}");
        Assert.True(ended.Code == ExitCodes.Done, ended.Error);
        return Lines(ended.Output).Select(l => l.Number);
    }

    private static List<(string Cursor, int Number)> Lines(string output) =>
    [
        .. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)
            .Select(l => (l.GetProperty("cursor").GetString()!, l.GetProperty("number").GetInt32())),
    ];

    /// <summary>Journeys of the junction's log with the minute in which each ended.</summary>
    private async Task DeliverAsync(long first, params (long Sequence, int Minute)[] journeys)
    {
        var junction = Junction.Junction!.Id;
        var entries = journeys.Select(j => new JourneyEntry(j.Sequence, junction, new Journey(j.Sequence, Junction.Approaches[0].Id, null, Morning.AddMinutes(j.Minute), null, VehicleClass.Bus, 0.9)
        {
            FirstSeenAt = Morning.AddMinutes(j.Minute),
            LastSeenAt = Morning.AddMinutes(j.Minute),
        }));
        var after = first == 1 ? (LogPosition?)null : new LogPosition(1, first - 1);
        var batch = new DeliveryBatch(Junction.Id, junction, ApproachId.Journeys, 1, journeys[^1].Sequence, new Provenance("0123456789abcdef", "vehicles", "2", "abc"), [.. entries], after);
        Assert.IsType<Accepted>(await _server.Registry.Get<ApproachRegion>().Ask<object>(batch, Patience));
    }
}
