using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Retention;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Policies;
using TrafficFlow.Vault.Recordings;
using TrafficFlow.Vault.Segments;

namespace TrafficFlow.Node.Recordings;

/// <summary>
/// Which recordings have reached their age or last day by the site's file, or are beyond the bound of the disk. By its age nothing goes while the clock may be wrong: a day that nobody can believe waits until the clock is known to be
/// right. The bound asks for no day: the oldest by their names go meanwhile, too, for a disk that is full keeps nothing.
/// </summary>
/// <param name="clock">Decides whether anything may reach its age.</param>
internal sealed class PictureRetention(SegmentStoreOptions options, TrustedClock clock, TimeProvider time)
{
    private const string By = "retention";

    private readonly PictureBound _bound = new(options, time);

    /// <summary>Where each day ends last: the zone of a site whose file is gone is not known.</summary>
    internal static TimeZoneInfo Latest { get; } = TimeZoneInfo.CreateCustomTimeZone("latest", TimeSpan.FromHours(-12), "latest", "latest");

    /// <summary>Why nothing is erased now though it may have reached its age, what nobody gives an end, and what the bound of the disk does or will do; empty where all is well.</summary>
    public IReadOnlyList<string> Problems { get; private set; } = [];

    /// <summary>The same in one line; null where all is well.</summary>
    public string? Problem => Problems.Count == 0 ? null : string.Join("; ", Problems);

    /// <summary>Why nothing is recorded until there is room below the bound of the disk; null while something is.</summary>
    public string? Full { get; private set; }

    /// <param name="left">What the files of sites said last that are not in force any more: their recordings are kept so.</param>
    /// <returns>What is to be erased now: orders with the segments that they are for.</returns>
    public IReadOnlyList<(EraseOrder Order, IReadOnlyList<SegmentPlace> Segments)> Due(RecordingVault vault, IReadOnlyList<Site> sites, IReadOnlyList<KeptPolicy> left)
    {
        var now = time.GetUtcNow();
        var doubt = clock.Doubt();
        var (isBegun, writing) = (vault.Keys.State == VaultState.Open ? vault.NamedByErasures() : _ => false, vault.Writing.ToHashSet());
        var due = new List<(EraseOrder, IReadOnlyList<SegmentPlace>)>();
        // What an erasure that is begun names goes with that one.
        bool IsKept(RecordedSegment segment) => CanAge(segment, writing) && !isBegun(segment.Place);
        var gone = new HashSet<SegmentPlace>();
        foreach (var site in sites.Where(s => s.Custody?.Retention.Pictures.IsLimited == true))
        {
            var rule = site.Custody!.Retention.Pictures;
            Take(site.Id, rule, site.TimeZone, $"kept as long as the file of site {site.Id} says ({rule})");
        }

        var endless = new List<SiteId>();
        foreach (var site in vault.Recorded.Sites.Where(id => sites.All(s => s.Id != id)))
        {
            var rule = left.FirstOrDefault(p => p.Site == site.Value)?.Pictures ?? default;
            if (rule.IsLimited) Take(site, rule, Latest, $"kept as long as the file of site {site} said last ({rule}); the settings name it no more");
            else if (vault.Recorded.List(site).Any(IsKept)) endless.Add(site);
        }

        var bound = _bound.Look(vault, sites, left, s => IsKept(s) && !gone.Contains(s.Place));
        (Full, Problems) = (bound.Full, [.. new[] { doubt, endless.Count > 0 ? WithoutEnd(endless) : null, bound.Problem }.OfType<string>()]);
        if (bound.Oldest.Count > 0) due.Add((new EraseOrder(EraseScope.All, $"the oldest beyond {options.MostBytes >> 30} GB (trafficflow.vault.max-gigabytes)", By, By), bound.Oldest));
        return due;

        void Take(SiteId site, KeepRule rule, TimeZoneInfo zone, string why)
        {
            if (doubt is not null) return;
            var over = vault.Recorded.List(site).Where(s => IsKept(s) && rule.IsOver(s.Until(options.Longest), now, zone) && IsFree(vault, s)).Select(s => s.Place).ToList();
            if (over.Count == 0) return;
            gone.UnionWith(over);
            due.Add((new EraseOrder(new EraseScope(site), why, By, By), over));
        }
    }

    /// <summary>What is told of recordings that no file gives an end.</summary>
    internal static string WithoutEnd(IReadOnlyList<SiteId> sites) =>
        $"recordings of {string.Join(", ", sites)} are kept without an end: the settings do not name {(sites.Count == 1 ? "that site" : "those sites")}, and no file has said how long they are kept. Name the site again (trafficflow.sites) with custody.retention.pictures, or erase them: trafficflow vault erase --site {sites[0]}";

    /// <summary>What is in no list ages by the time of its name; so does what could not be closed, and is written no more.</summary>
    private static bool CanAge(RecordedSegment segment, HashSet<SegmentPlace> writing) =>
        segment.State is SegmentState.Whole or SegmentState.Cut
        || (segment.State is SegmentState.NotListed or SegmentState.Open && !writing.Contains(segment.Place) && SegmentPlace.Parse(segment.Place.ToString()) == segment.Place);

    private bool IsFree(RecordingVault vault, RecordedSegment segment) => vault.Holds.Meeting(new EraseScope(segment.Place.Site, segment.Place.Camera, segment.From, segment.Until(options.Longest))).Count == 0;
}
