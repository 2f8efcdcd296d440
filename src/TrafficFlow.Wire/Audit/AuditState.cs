using System.Collections.Immutable;

namespace TrafficFlow.Wire.Audit;

/// <summary>The commands that are remembered, by the number of their row in the journal.</summary>
internal sealed record AuditState(ImmutableSortedDictionary<long, AuditEntry> Entries)
{
    public static readonly AuditState Empty = new(ImmutableSortedDictionary<long, AuditEntry>.Empty);

    public AuditState Apply(long row, CommandStarted started) => new(Entries.SetItem(row, new AuditEntry(row, started, null)));

    /// <summary>The outcome of a command that is no longer remembered is not either.</summary>
    public AuditState Apply(CommandEnded ended) =>
        Entries.TryGetValue(ended.Number, out var entry) ? new AuditState(Entries.SetItem(ended.Number, entry with { Outcome = ended.Outcome })) : this;

    /// <returns>What stays, and the last row that can be deleted; 0 for none.</returns>
    public (AuditState Kept, long DeleteThrough) Trim(DateTimeOffset now, AuditSettings settings)
    {
        var tooMany = Entries.Count - settings.MaxCommands;
        var through = 0L;
        var builder = Entries.ToBuilder();
        foreach (var (row, entry) in Entries)
        {
            if (tooMany-- <= 0 && now - entry.Started.Time <= settings.Retention) break;
            builder.Remove(row);
            through = row;
        }

        return through == 0 ? (this, 0) : (new AuditState(builder.ToImmutable()), through);
    }

    public ImmutableArray<AuditEntry> Last(int most) => [.. Entries.Values.Reverse().Take(most)];
}
