using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Retention;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Recordings;
using TrafficFlow.Vault.Segments;

namespace TrafficFlow.Node.Recordings;

/// <summary>
/// Which recordings have reached their age or last day by the site's file, or are beyond the bound of the disk. A clock that is wrong erases nothing: a day that nobody can believe waits until the clock is known to be right.
/// </summary>
/// <param name="clock">Decides whether anything may reach its age.</param>
internal sealed class PictureRetention(SegmentStoreOptions options, TrustedClock clock, TimeProvider time)
{
    private const string By = "retention";

    /// <summary>Why nothing is erased now though it may have reached its age; null where that is not so.</summary>
    public string? Problem { get; private set; }

    /// <returns>What is to be erased now: orders with the segments that they are for.</returns>
    public IReadOnlyList<(EraseOrder Order, IReadOnlyList<SegmentPlace> Segments)> Due(RecordingVault vault, IReadOnlyList<Site> sites)
    {
        var now = time.GetUtcNow();
        Problem = clock.Doubt();
        if (Problem is not null) return [];
        var (isBegun, writing) = (vault.Keys.State == VaultState.Open ? vault.NamedByErasures() : _ => false, vault.Writing.ToHashSet());
        var due = new List<(EraseOrder, IReadOnlyList<SegmentPlace>)>();
        // What an erasure that is begun names goes with that one.
        bool IsKept(RecordedSegment segment) => CanAge(segment, writing) && !isBegun(segment.Place);
        var gone = new HashSet<SegmentPlace>();
        foreach (var site in sites.Where(s => s.Custody?.Retention.Pictures.IsLimited == true))
        {
            var rule = site.Custody!.Retention.Pictures;
            var over = vault.Recorded.List(site.Id).Where(s => IsKept(s) && rule.IsOver(s.Until(options.Longest), now, site.TimeZone) && IsFree(vault, s)).Select(s => s.Place).ToList();
            if (over.Count == 0) continue;
            gone.UnionWith(over);
            due.Add((new EraseOrder(new EraseScope(site.Id), $"kept as long as the file of site {site.Id} says ({rule})", By, By), over));
        }

        if (Beyond(vault, s => IsKept(s) && !gone.Contains(s.Place)) is { Count: > 0 } oldest) due.Add((new EraseOrder(EraseScope.All, $"the oldest beyond {options.MostBytes >> 30} GB (trafficflow.vault.max-gigabytes)", By, By), oldest));
        return due;
    }

    private List<SegmentPlace> Beyond(RecordingVault vault, Func<RecordedSegment, bool> isKept)
    {
        var kept = vault.Recorded.List().Where(isKept).OrderBy(s => s.From).ToList();
        var (bytes, beyond) = (kept.Sum(s => s.Bytes), new List<SegmentPlace>());
        foreach (var segment in kept.TakeWhile(_ => bytes > options.MostBytes))
        {
            if (!IsFree(vault, segment)) continue;
            beyond.Add(segment.Place);
            bytes -= segment.Bytes;
        }

        return beyond;
    }

    /// <summary>What is in no list ages by the time of its name; so does what could not be closed, and is written no more.</summary>
    private static bool CanAge(RecordedSegment segment, HashSet<SegmentPlace> writing) =>
        segment.State is SegmentState.Whole or SegmentState.Cut
        || (segment.State is SegmentState.NotListed or SegmentState.Open && !writing.Contains(segment.Place) && SegmentPlace.Parse(segment.Place.ToString()) == segment.Place);

    private bool IsFree(RecordingVault vault, RecordedSegment segment) => vault.Holds.Meeting(new EraseScope(segment.Place.Site, segment.Place.Camera, segment.From, segment.Until(options.Longest))).Count == 0;
}
