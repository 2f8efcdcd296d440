using System.Data.Common;
using LinqToDB.Data;
using LinqToDB.Mapping;
using TrafficFlow.Server.Queries;
using TrafficFlow.Server.Tables.Databases;
using TrafficFlow.Wire.Journals;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Server.Tables;

/// <summary>
/// How far each feed has come in its topics, and the reports of each morning in their days, in the database of the read tables: whichever server publishes next goes on from there. A table of its own beside
/// them, which no version of them counts: who reads the tables has nothing to do with it.
/// </summary>
public sealed class FeedPlaces(JournalSettings settings)
{
    private const string Create = "CREATE TABLE IF NOT EXISTS trafficflow_feed_places (feed text NOT NULL, topic text NOT NULL, place text NOT NULL, PRIMARY KEY (feed, topic))";
    private const string Read = "SELECT topic, place FROM trafficflow_feed_places WHERE feed = @feed";

    private const string Save =
        """
        INSERT INTO trafficflow_feed_places (feed, topic, place) VALUES (@feed, @topic, @place)
        ON CONFLICT (feed, topic) DO UPDATE SET place = excluded.place
        """;

    private readonly TableDatabase _database = TableDatabase.Of(settings);

    private sealed record Row
    {
        [Column("topic")]
        public string Topic { get; init; } = "";

        [Column("place")]
        public string Place { get; init; } = "";
    }

    /// <summary>Makes the table where there is none, as reading and saving do.</summary>
    /// <exception cref="QueryException">The database does not answer.</exception>
    public Task MakeAsync(CancellationToken cancellation) => RunAsync(_ => Task.FromResult(true), cancellation);

    /// <returns>By topic; empty for a feed that is new.</returns>
    /// <exception cref="QueryException">The database does not answer.</exception>
    public Task<IReadOnlyDictionary<string, TopicPlace>> ReadAsync(string feed, CancellationToken cancellation) => RunAsync<IReadOnlyDictionary<string, TopicPlace>>(
        async connection =>
        {
            var rows = await connection.QueryToListAsync<Row>(Read, new DataParameter("feed", feed), cancellation).ConfigureAwait(false);
            return rows.Select(r => (r.Topic, Place: TopicPlace.Parse(r.Place))).Where(r => r.Place is not null).ToDictionary(r => r.Topic, r => r.Place!);
        },
        cancellation);

    /// <summary>All or none.</summary>
    /// <exception cref="QueryException">The database does not take them now.</exception>
    public Task SaveAsync(string feed, IReadOnlyDictionary<string, TopicPlace> places, CancellationToken cancellation) => RunAsync(
        async connection =>
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
            foreach (var (topic, place) in places)
                await connection.ExecuteAsync(Save, cancellation, new DataParameter("feed", feed), new DataParameter("topic", topic), new DataParameter("place", place.ToString())).ConfigureAwait(false);
            await transaction.CommitAsync(cancellation).ConfigureAwait(false);
            return true;
        },
        cancellation);

    private async Task<T> RunAsync<T>(Func<TablesConnection, Task<T>> work, CancellationToken cancellation)
    {
        try
        {
            await using var connection = await _database.OpenAsync(cancellation).ConfigureAwait(false);
            await connection.ExecuteAsync(Create, cancellation).ConfigureAwait(false);
            return await work(connection).ConfigureAwait(false);
        }
        catch (Exception e) when (e is DbException or JournalException or TimeoutException)
        {
            throw new QueryException($"the places of feeds in {_database.Name} cannot be read or written ({e.GetBaseException().Message.ReplaceLineEndings(" ").Trim()}): does the database run, and is there room on its disk?", e);
        }
    }
}
