using TrafficFlow.Server.Tables;
using TrafficFlow.SystemTests.Postgres;
using TrafficFlow.Wire.Topics;
using Xunit;

namespace TrafficFlow.SystemTests.Tables;

public sealed class FeedPlacesTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>, IDisposable
{
    private readonly EmptyDatabases _databases = new(fixture);

    public static TheoryData<string> Kinds => EmptyDatabases.Kinds;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Each_feed_goes_on_from_the_places_that_were_stored_last(string kind)
    {
        var database = await _databases.CreateAsync(kind, "places");
        var places = new FeedPlaces(database.Journal);
        Assert.Empty(await places.ReadAsync("a", Cancel));
        await places.SaveAsync("a", new Dictionary<string, TopicPlace> { ["flow.demo.north"] = TopicPlace.After(7), ["flow.demo.south"] = TopicPlace.After(1) }, Cancel);
        await places.SaveAsync("b", new Dictionary<string, TopicPlace> { ["flow.demo.north"] = TopicPlace.After(99) }, Cancel);
        await places.SaveAsync("a", new Dictionary<string, TopicPlace> { ["flow.demo.north"] = TopicPlace.After(8) }, Cancel);

        Assert.Equal([("flow.demo.north", "8"), ("flow.demo.south", "1")], (await new FeedPlaces(database.Journal).ReadAsync("a", Cancel)).Select(p => (p.Key, p.Value.ToString())).Order());
        Assert.Equal("3", await database.Ask("SELECT count(*) FROM trafficflow_feed_places"));
    }

    public void Dispose() => _databases.Dispose();
}
