using LinqToDB.Async;
using TrafficFlow.Server.Tables.Databases;

namespace TrafficFlow.Server.Tables.Flows;

/// <summary>Which sites and approaches the tables hold. One look into the index for each of them: DISTINCT would read every bin.</summary>
internal static class StoredStreams
{
    public static async Task<IReadOnlyList<(string Site, string Approach)>> AllAsync(TablesConnection connection, CancellationToken cancellation)
    {
        var found = new List<(string, string)>();
        for (var site = await NextSiteAsync(connection, "", cancellation).ConfigureAwait(false);
             site is not null;
             site = await NextSiteAsync(connection, site, cancellation).ConfigureAwait(false))
            found.AddRange((await ApproachesAsync(connection, site, cancellation).ConfigureAwait(false)).Select(a => (site, a)));
        return found;
    }

    public static async Task<IReadOnlyList<string>> ApproachesAsync(TablesConnection connection, string site, CancellationToken cancellation)
    {
        var found = new List<string>();
        var after = "";
        while (true)
        {
            var next = await connection.Bins.Where(b => b.Site == site && string.Compare(b.Approach, after) > 0).OrderBy(b => b.Approach).Select(b => b.Approach)
                .FirstOrDefaultAsync(cancellation).ConfigureAwait(false);
            if (next is null) return found;
            found.Add(after = next);
        }
    }

    private static async Task<string?> NextSiteAsync(TablesConnection connection, string after, CancellationToken cancellation) =>
        await connection.Bins.Where(b => string.Compare(b.Site, after) > 0).OrderBy(b => b.Site).Select(b => b.Site)
            .FirstOrDefaultAsync(cancellation).ConfigureAwait(false);
}
