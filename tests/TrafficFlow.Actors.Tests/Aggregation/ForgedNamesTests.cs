using Akka.Actor;
using Akka.Cluster.Sharding;
using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server;
using TrafficFlow.Server.Aggregation;
using TrafficFlow.Server.Membership;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.Journals;
using TrafficFlow.Wire.Membership;
using TrafficFlow.Wire.Routing;
using static TrafficFlow.Actors.Tests.Support.Counts;

namespace TrafficFlow.Actors.Tests.Aggregation;

/// <summary>A server and its shard region, to which somebody delivers for approaches of any name.</summary>
[Collection(AloneCollection.Name)]
public sealed class ForgedNamesTests : IAsyncLifetime
{
    private const int Many = 20_000;
    private const long Few = 4_000_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TempFolder _folder = new();
    private readonly SiteRegistry _sites = new(TestSites.Site(TestSites.Camera("cam1")));
    private TestNode _node = null!;

    private IActorRef Region => _node.Registry.Get<ApproachRegion>();

    public async ValueTask InitializeAsync() => _node = await StartAsync();

    [Fact]
    public async Task Twenty_thousand_unknown_approaches_make_no_entity_and_nothing_is_remembered_of_them()
    {
        await Region.Ask<Accepted>(Batch(Cam1, 1, Car(1, 1)), Patience);
        // What the runtime itself grows to under such a load stays.
        await FloodAsync("first");

        var kept = new List<long>();
        while (kept.Count < 4 && kept.LastOrDefault(long.MaxValue) >= Few) kept.Add(await KeptOfAsync($"flood-{kept.Count}"));

        Assert.True(kept[^1] < Few, $"{string.Join(", ", kept)} bytes are kept of {Many} names each");
        var entities = await EntitiesAsync();
        Assert.Equal(["kokandori/north"], entities.Where(e => !e.StartsWith("_unknown-", StringComparison.Ordinal)));
        Assert.InRange(entities.Count, 1, 17);

        await _node.DisposeAsync();
        _node = await StartAsync();
        Assert.Equal(1, (await Region.Ask<ApproachStatus>(new GetApproachStatus(TestSites.Kokandori, TestSites.North), Patience)).Total(Movement.Entering));
        Assert.InRange((await EntitiesAsync()).Count, 1, 17);
    }

    [Fact]
    public async Task An_approach_that_the_site_files_gain_is_counted_and_one_that_they_lose_is_counted_on()
    {
        Assert.Equal(["kokandori/north"], (await Region.Ask<ApproachNotFound>(Question("harbour"), Patience)).Known);

        _sites.Replace([TestSites.Site(TestSites.Camera("cam1")) with { Id = new SiteId("harbour") }], _node.System);

        await Region.Ask<Accepted>(Batch(Cam1, 1, Car(1, 1)) with { Site = new SiteId("harbour") }, Patience);
        await Region.Ask<Accepted>(Batch(Cam1, 1, Car(1, 1)), Patience);
        Assert.Equal(1, (await Region.Ask<ApproachStatus>(Question("harbour"), Patience)).Total(Movement.Entering));
    }

    /// <returns>Bytes; what the process does besides counts too, so that only what grows with each flood tells of names that are kept.</returns>
    private async Task<long> KeptOfAsync(string flood)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await FloodAsync(flood);
        return GC.GetTotalMemory(forceFullCollection: true) - before;
    }

    private static GetApproachStatus Question(string site) => new(new SiteId(site), TestSites.North);

    private async Task FloodAsync(string flood)
    {
        for (var i = 0; i < Many; i++)
            Region.Tell(Batch(Cam1, 1, Car(1, 1)) with { Site = new SiteId(i % 3 == 0 ? $"x/../{flood}-{i}" : $"{flood}-{i}"), Approach = i % 3 == 1 ? ApproachId.Journeys : TestSites.North });
        // Each shard answers behind what it was sent.
        for (var i = 0; i < 64; i++) await Region.Ask<ApproachNotFound>(Question($"asked-{i}"), Patience);
    }

    private async Task<List<string>> EntitiesAsync()
    {
        var state = await Region.Ask<CurrentShardRegionState>(GetShardRegionState.Instance, Patience);
        return [.. state.Shards.SelectMany(s => s.EntityIds)];
    }

    private Task<TestNode> StartAsync() => TestNode.Start(builder => builder
        .WithTrafficFlowCluster(ClusterMembership.Alone(TrafficFlowRoles.Server))
        .WithTrafficFlowJournal(new SqliteJournal(_folder.File("journal.db")) { MinFreeBytes = 0 })
        .WithFlowTables(new SqliteJournal(_folder.File("journal.db")))
        .WithApproachAggregators(_sites));

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        _folder.Dispose();
    }
}
