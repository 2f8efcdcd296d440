using Akka.Actor;
using Akka.TestKit.Xunit;
using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Journeys;
using TrafficFlow.Server.Queries;
using TrafficFlow.Server.Tables;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.Journals;
using TrafficFlow.Wire.OutboxEntries;
using static TrafficFlow.Actors.Tests.Support.Counts;

namespace TrafficFlow.Actors.Tests.Journeys;

/// <summary>Journeys from an outbox into real tables.</summary>
public sealed class JourneyIntakeTests() : TestKit(TestConfig.Reference)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly TempFolder _folder = new();

    [Fact]
    public async Task What_was_accepted_is_in_the_table_once_also_after_both_sides_began_anew()
    {
        var first = Start();
        Assert.Equal(new Accepted(Cam1, ApproachId.Journeys, 1, 2), await first.Ask<Accepted>(Journeys(1, 2), Patience));
        Sys.Stop(first);

        var second = Start();
        Assert.Equal(2, (await second.Ask<Accepted>(Journeys(1, 2), Patience)).UpToSequence);
        Assert.Equal(3, (await second.Ask<Accepted>(Journeys(2, 3), Patience)).UpToSequence);

        Assert.Equal([1, 2, 3], await StoredAsync());
    }

    [Fact]
    public async Task What_it_does_not_know_waits_in_the_outbox()
    {
        var batch = Journeys(1, 2);
        var accepted = await Start().Ask<Accepted>(
            batch with { UpToSequence = 4, Entries = [.. batch.Entries, new UnknownEntry(3, Cam1, ApproachId.Journeys, []), .. Journeys(4).Entries] }, Patience);

        Assert.Equal(2, accepted.UpToSequence);
        Assert.Equal([1, 2], await StoredAsync());
    }

    [Fact]
    public async Task It_is_no_approach() =>
        Assert.IsType<ApproachNotFound>(await Start().Ask<object>(new GetApproachStatus(TestSites.Kokandori, ApproachId.Journeys), Patience));

    protected override void AfterAll()
    {
        base.AfterAll();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    private static DeliveryBatch Journeys(params int[] numbers) => new(
        TestSites.Kokandori, Cam1, ApproachId.Journeys, 1, numbers[^1], TestSites.Motion,
        [.. numbers.Select(n => new JourneyEntry(n, Cam1, new Journey(n, TestSites.North, null, At(n), null, VehicleClass.Bus, 0.9) { FirstSeenAt = At(n), LastSeenAt = At(n) }))]);

    private SqliteJournal Journal => new(_folder.File("journal.db"));

    private IActorRef Start() =>
        Sys.ActorOf(JourneyIntake.Props(Sys.ActorOf(FlowTableWriter.Props(new FlowTables(Journal), new TableRetention(), TimeProvider.System))));

    private async Task<IEnumerable<int>> StoredAsync()
    {
        var page = await ReadTables.Journeys(Journal).ReadAsync(new JourneyFilter(TestSites.Kokandori, new Interval(At(0), At(60))), null, 100, default);
        return page.Journeys.Select(j => (int)j.Position.Sequence);
    }
}
