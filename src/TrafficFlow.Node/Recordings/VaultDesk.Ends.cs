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

    /// <returns>When a segment is to be gone: at its age, or when the last hold that keeps it ends, whichever is later; null where nobody has given it an end.</returns>
    private Func<RecordedSegment, DateTimeOffset?> Ends()
    {
        var holds = vault.Holds.Meeting(EraseScope.All);
        return segment =>
        {
            if (Kept(segment.Place.Site) is not var (rule, zone) || rule.EndOf(segment.Until(vault.Options.Longest), zone) is not { } age) return null;
            var scope = new EraseScope(segment.Place.Site, segment.Place.Camera, segment.From, segment.Until(vault.Options.Longest));
            return holds.Where(h => h.Scope.Meets(scope)).Select(h => h.Until).Append(age).Max();
        };
    }

    /// <summary>Those past their end, of which nothing is given out any more though they may be there still; with what to tell of them.</summary>
    private sealed class LeftOut(Func<RecordedSegment, DateTimeOffset?> ends, DateTimeOffset passed)
    {
        private int _count;

        public IEnumerable<string> Told => _count == 0 ? [] : [$"{_count} segments are left out: they have reached the age that the file of their site allows (custody.retention.pictures)"];

        public DateTimeOffset? EndOf(RecordedSegment segment)
        {
            var end = ends(segment);
            if (end <= passed) _count++;
            return end;
        }
    }

    /// <param name="asked">Null for the usual time.</param>
    /// <returns>The end, and what to tell where it is sooner than what was asked for; else nothing.</returns>
    /// <exception cref="FormatException">A source has reached its age: no copy of it is made any more.</exception>
    private (DateTimeOffset Until, string Told) Ending(IEnumerable<RecordedSegment> sources, DateTimeOffset? asked)
    {
        var now = time.GetUtcNow();
        var wanted = asked ?? now.AddDays(UsualDays);
        if (sources.Min(Ends()) is not { } end || end >= wanted) return (wanted, "");
        if (end <= vault.Passed) throw new FormatException($"some of it has reached the age that the file of its site allows ({Minute(end)}): nothing of it is given out any more");
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
