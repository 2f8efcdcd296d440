using TrafficFlow.Web.Formats.Tables;

namespace TrafficFlow.Web.Formats.Ngsi;

/// <summary>
/// Lets only those rows through that are newer than what a broker's entity holds: late data revises a bin that others have followed, and an
/// entity holds one. After a start nobody knows what the entity holds: then a first revision alone is newer than what was before. Bounded by the number of entities: sites, approaches, movements, classes. Not for several threads.
/// </summary>
public sealed class NewestOnly
{
    private readonly Dictionary<string, (DateTimeOffset Start, int Revision)> _newest = new(StringComparer.Ordinal);

    /// <summary>Whether anything of the same kind was pushed.</summary>
    public bool Knows(FlowTableRow row) => _newest.ContainsKey(NgsiEntities.IdOf(row));

    /// <inheritdoc cref="Take"/>
    public bool Admit(FlowTableRow row) => Take(row, isNewest: false);

    /// <param name="isNewest">Of a revision of which nothing was pushed yet: somebody else knows that no newer one was.</param>
    /// <returns>Whether the row is to be pushed; it counts as pushed then.</returns>
    public bool Take(FlowTableRow row, bool isNewest)
    {
        var (id, version) = (NgsiEntities.IdOf(row), (row.Bin.From, row.Revision ?? 0));
        if (_newest.TryGetValue(id, out var known) ? known.CompareTo(version) >= 0 : version.Item2 > 1 && !isNewest) return false;
        _newest[id] = version;
        return true;
    }
}
