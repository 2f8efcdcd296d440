using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Sites;
using TrafficFlow.Roadside.Outbox;
using TrafficFlow.Server.Tables;
using TrafficFlow.Vault.Audit;

namespace TrafficFlow.Node.Retention;

/// <summary>What the files of a node's sites say of how long each kind is kept, as those ask who hold it: read tables, outboxes, evidence, audit and accounts. A clock that is doubted lets nothing reach its age.</summary>
/// <param name="sites">In force now.</param>
/// <param name="record">Into the node's audit; false where it cannot be recorded now.</param>
/// <param name="node">Its name.</param>
internal sealed class SiteRetention(Func<IReadOnlyList<Site>> sites, TrustedClock clock, Func<AuditEvent, Task<bool>> record, string node, TimeProvider time) : ISiteRetention, IOutboxRetention
{
    private sealed record ClockLook(long At, string? Doubt);

    public const string Action = "retention";

    /// <summary>Nobody has looked for so long: what was found then says nothing of now.</summary>
    private static readonly TimeSpan s_looksWithin = TimeSpan.FromMinutes(20);

    private ClockLook? _last;

    /// <summary>Whether there is an audit to record in.</summary>
    public Func<bool> HasAudit { get; init; } = () => true;

    /// <summary>Why nothing reaches its age now; null where it does, or no site limits anything.</summary>
    public string? Problem => sites().Any(IsLimited) ? Doubt() : null;

    public IReadOnlyList<SiteLimit> Due(DateTimeOffset now) => Doubt() is not null ? [] :
    [
        .. from site in sites()
           from kind in new[] { KeptKind.Journeys, KeptKind.Counts }
           let rule = site.Custody?.Retention.Of(kind) ?? default
           let before = rule.OverBefore(now, site.TimeZone)
           where before is not null
           select new SiteLimit(site.Id, kind, before.Value, $"kept as long as the file of site {site.Id} says ({rule})"),
    ];

    public Task<bool> RecordAsync(SiteLimit limit, long rows, CancellationToken cancellation) =>
        RecordAsync($"{Word(limit.Kind)} of {limit.Site}", $"{rows} {(limit.Kind == KeptKind.Journeys ? "journeys" : "bins")} before {limit.Before:yyyy-MM-dd'T'HH:mm:ssK}: {limit.Reason}");

    (DateTimeOffset? Journeys, DateTimeOffset? Counts) IOutboxRetention.OverBefore(SiteId site, DateTimeOffset now) =>
        HasAudit() && sites().FirstOrDefault(s => s.Id == site) is { Custody: { } custody } found && IsLimited(found) && Doubt() is null
            ? (custody.Retention.Journeys.OverBefore(now, found.TimeZone), custody.Retention.Counts.OverBefore(now, found.TimeZone)) : (null, null);

    Task<bool> IOutboxRetention.RecordAsync(SiteId site, CameraId camera, long entries) =>
        Task.Run(() => RecordAsync($"outbox of {site}/{camera}", $"{entries} entries that no server had fetched: kept as long as the file of site {site} says"));

    /// <summary>What was born before must be gone, of each site that limits it.</summary>
    public IReadOnlyList<(Site Site, KeepRule Rule, DateTimeOffset Before)> Over(KeptKind kind) => Doubt() is not null ? [] :
    [
        .. from site in sites()
           let rule = site.Custody?.Retention.Of(kind) ?? default
           let before = rule.OverBefore(time.GetUtcNow(), site.TimeZone)
           where before is not null
           select (site, rule, before.Value),
    ];

    /// <summary>Of what the node keeps for all its sites together: the strictest of them.</summary>
    /// <returns>Before is null where nothing is over; the span of age is the shortest age.</returns>
    public (DateTimeOffset? Before, TimeSpan? Age, string Why) Shared(KeptKind kind, DateTimeOffset now)
    {
        var limits = sites().Where(s => s.Custody?.Retention.Of(kind).IsLimited == true).Select(s => (Site: s, Rule: s.Custody!.Retention.Of(kind))).ToList();
        var over = limits.Select(l => (l.Site, l.Rule, Before: l.Rule.SharedOverBefore(now, l.Site.TimeZone))).Where(l => l.Before is not null).OrderByDescending(l => l.Before).ToList();
        return (over is [var first, ..] ? first.Before : null, limits.Min(l => l.Rule.MaxAge), over is [var strictest, ..] ? $"kept as long as the file of site {strictest.Site.Id} says ({strictest.Rule})" : "");
    }

    /// <summary>Asked for at each look of the audit.</summary>
    public AuditLimit OfAudit(DateTimeOffset now)
    {
        var (before, age, why) = Shared(KeptKind.Audit, now);
        // A clock that no site's rule asks for is doubted as well: the node's own age goes by it.
        return new AuditLimit(Doubt() is not null, before, age is { } shortest ? AuditLimit.SpanOf(shortest) : null, why);
    }

    public async Task<bool> RecordAsync(string target, string details) => await record(new AuditEvent(AuditKind.Change, Action, $"node:{node}", Action, target, "removed", details));

    /// <summary>Looks at the clock for all who ask from then on; it may take its time, and write to the disk. Whatever keeps it from being looked at is a doubt.</summary>
    public void Look()
    {
        string? doubt;
        try
        {
            doubt = clock.Doubt();
        }
        catch (Exception e)
        {
            doubt = $"nobody knows whether the clock is right, and nothing reaches its age until it can be looked at ({e.Message}): see the node's data folder and its disk";
        }

        Volatile.Write(ref _last, new ClockLook(time.GetTimestamp(), doubt));
    }

    /// <summary>What the last look has found: whoever asks, actors among them, waits for nothing.</summary>
    private string? Doubt() => Volatile.Read(ref _last) switch
    {
        null => "the clock was not looked at yet, and nothing reaches its age until then: the node is starting",
        var last when time.GetElapsedTime(last.At) is var ago && ago > s_looksWithin => $"the clock was not looked at for {ago.TotalMinutes:0} min, and nothing reaches its age meanwhile: start the node anew",
        var last => last.Doubt,
    };

    private static bool IsLimited(Site site) => site.Custody is { Retention: var kept } && Enum.GetValues<KeptKind>().Any(k => kept.Of(k).IsLimited);

    internal static string Word(KeptKind kind) => kind.ToString().ToLowerInvariant();
}
