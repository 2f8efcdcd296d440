using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Segments;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Policies;
using TrafficFlow.Vault.Segments;

namespace TrafficFlow.Node.Recordings;

/// <summary>By when a copy of recordings is destroyed: what was asked for, and never later than the first of its sources.</summary>
internal sealed partial class VaultDesk
{
    private const int UsualDays = 30;

    /// <summary>How long pictures of a site are kept; null where nobody has said so.</summary>
    public Func<SiteId, (KeepRule Rule, TimeZoneInfo Zone)?> Kept { get; init; } = _ => null;

    /// <param name="sites">That the settings name.</param>
    /// <param name="left">What the files of others said last.</param>
    public static Func<SiteId, (KeepRule Rule, TimeZoneInfo Zone)?> KeptBy(Func<IReadOnlyList<Site>> sites, Func<IReadOnlyList<KeptPolicy>> left) => id =>
        sites().FirstOrDefault(s => s.Id == id) is { } site ? (site.Custody?.Retention.Pictures ?? default, site.TimeZone)
        : left().FirstOrDefault(p => p.Site == id.Value) is { } policy ? (policy.Pictures, PictureRetention.Latest) : null;

    private DateTimeOffset? EndOf(RecordedSegment segment) => Kept(segment.Place.Site) is var (rule, zone) ? rule.EndOf(segment.Until(vault.Options.Longest), zone) : null;

    /// <param name="asked">Null for the usual time.</param>
    /// <returns>The end, and what to tell where it is sooner than what was asked for; else nothing.</returns>
    /// <exception cref="FormatException">A source has reached its age: no copy of it is made any more.</exception>
    private (DateTimeOffset Until, string Told) Ending(IEnumerable<RecordedSegment> sources, DateTimeOffset? asked)
    {
        var now = time.GetUtcNow();
        var wanted = asked ?? now.AddDays(UsualDays);
        if (sources.Min(EndOf) is not { } end || end >= wanted) return (wanted, "");
        if (end <= now) throw new FormatException($"some of it has reached the age that the file of its site allows ({Minute(end)}): nothing of it is given out any more");
        return (end, Sooner(end, asked));
    }

    /// <summary>Of a copy in clear of one segment.</summary>
    private async Task<DateTimeOffset> UntilAsync(SegmentPlace place, EraseScope scope, Stream opened)
    {
        try
        {
            return Ending(vault.Recorded.List(place.Site, place.Camera, scope.From, scope.To).Where(s => s.Place == place), null).Until;
        }
        catch (Exception e) when (e is FormatException or VaultFileException)
        {
            await opened.DisposeAsync();
            throw e is FormatException ? new SegmentStoreException(e.Message, e) : e;
        }
    }

    private static string Sooner(DateTimeOffset until, DateTimeOffset? asked) =>
        $"destroy it by {Minute(until)}{(asked is { } time ? $", and not by {Minute(time)}" : "")}: what was recorded is kept no longer than that (custody.retention.pictures), and no copy of it";
}
