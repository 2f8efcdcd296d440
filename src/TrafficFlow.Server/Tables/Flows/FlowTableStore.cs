using LinqToDB;
using TrafficFlow.Server.Tables.Databases;
using TrafficFlow.Wire.Aggregation;

namespace TrafficFlow.Server.Tables.Flows;

/// <summary>
/// Writes closed bins, within a transaction of the connection. What is written again is deleted first, by ranges of the primary key:
/// linq2db's merge is not for SQLite, its insert-or-replace takes PostgreSQL a round trip for each row, and a list of whole keys would make
/// SQLite read the whole table.
/// </summary>
internal static class FlowTableStore
{
    private const int StartsOfAStatement = 500;

    /// <summary>Fails with a unique violation where one of the bins is there.</summary>
    public static async Task InsertAsync(TablesConnection connection, IReadOnlyList<ClosedBin> bins, CancellationToken cancellation)
    {
        await connection.InsertAllAsync(bins.Select(FlowRows.Row), cancellation).ConfigureAwait(false);
        await connection.InsertAllAsync(bins.SelectMany(b => FlowRows.Counts(b.Bin)), cancellation).ConfigureAwait(false);
    }

    public static async Task DeleteAsync(TablesConnection connection, IReadOnlyList<ClosedBin> bins, CancellationToken cancellation)
    {
        // The same revision again holds the same, save where a damaged journal row has changed the order in which things were counted.
        foreach (var same in bins.Select(b => b.Bin).GroupBy(b => (b.Key.Site, b.Key.Approach, b.Key.Duration, b.Revision)))
        {
            var (site, approach, minutes, revision) = (same.Key.Site.Value, same.Key.Approach.Value, same.Key.Duration.Minutes, same.Key.Revision);
            foreach (var starts in same.Select(b => b.Key.Start).Chunk(StartsOfAStatement))
            {
                await connection.Counts.Where(c => c.Site == site && c.Approach == approach && c.Minutes == minutes && c.Revision == revision && starts.Contains(c.Start))
                    .DeleteAsync(cancellation).ConfigureAwait(false);
                await connection.Bins.Where(b => b.Site == site && b.Approach == approach && b.Minutes == minutes && b.Revision == revision && starts.Contains(b.Start))
                    .DeleteAsync(cancellation).ConfigureAwait(false);
            }
        }
    }
}
