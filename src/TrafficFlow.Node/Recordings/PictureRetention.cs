using TrafficFlow.Core.Files;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.Recordings;
using TrafficFlow.Vault.Segments;

namespace TrafficFlow.Node.Recordings;

/// <summary>
/// Which recordings have reached their age or last day by the site's file, or are beyond the bound of the disk. A clock that is wrong erases nothing: a day that nobody can believe waits until the clock is known to be right.
/// </summary>
/// <param name="isSynchronised">Whether the system knows its clock to be right; null where it does not tell.</param>
internal sealed class PictureRetention(string data, SegmentStoreOptions options, Func<bool?> isSynchronised, TimeProvider time)
{
    private const string By = "retention";

    /// <summary>Wall clock and monotonic clock may drift apart by so much between two looks.</summary>
    private static readonly TimeSpan s_drift = TimeSpan.FromMinutes(10);

    /// <summary>A machine may be off for so long without its clock being doubted.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromDays(3);

    private (DateTimeOffset Wall, long Monotonic)? _last;

    /// <summary>Why nothing is erased now though it may have reached its age; null where that is not so.</summary>
    public string? Problem { get; private set; }

    private string Seen => Path.Combine(data, RecordingVault.FolderName, "retention.seen");

    /// <returns>What is to be erased now: orders with the segments that they are for.</returns>
    public IReadOnlyList<(EraseOrder Order, IReadOnlyList<SegmentPlace> Segments)> Due(RecordingVault vault, IReadOnlyList<Site> sites)
    {
        var now = time.GetUtcNow();
        Problem = WhyNot(now);
        if (Problem is not null) return [];
        var due = new List<(EraseOrder, IReadOnlyList<SegmentPlace>)>();
        var gone = new HashSet<SegmentPlace>();
        foreach (var site in sites.Where(s => s.Custody?.Retention.Pictures.IsLimited == true))
        {
            var rule = site.Custody!.Retention.Pictures;
            var over = vault.Recorded.List(site.Id).Where(s => IsKept(s) && rule.IsOver(s.Until(options.Longest), now, site.TimeZone) && IsFree(vault, s)).Select(s => s.Place).ToList();
            if (over.Count == 0) continue;
            gone.UnionWith(over);
            due.Add((new EraseOrder(new EraseScope(site.Id), $"kept as long as the file of site {site.Id} says ({(rule.MaxAge is { } age ? $"{age.TotalDays:0.#} days" : "")}{(rule.KeepUntil is { } last ? $", until {last:yyyy-MM-dd}" : "")})", By, By), over));
        }

        if (Beyond(vault, gone) is { Count: > 0 } oldest) due.Add((new EraseOrder(EraseScope.All, $"the oldest beyond {options.MostBytes >> 30} GB (trafficflow.vault.max-gigabytes)", By, By), oldest));
        return due;
    }

    private List<SegmentPlace> Beyond(RecordingVault vault, HashSet<SegmentPlace> gone)
    {
        var kept = vault.Recorded.List().Where(s => IsKept(s) && !gone.Contains(s.Place)).OrderBy(s => s.From).ToList();
        var (bytes, beyond) = (kept.Sum(s => s.Bytes), new List<SegmentPlace>());
        foreach (var segment in kept.TakeWhile(_ => bytes > options.MostBytes))
        {
            if (!IsFree(vault, segment)) continue;
            beyond.Add(segment.Place);
            bytes -= segment.Bytes;
        }

        return beyond;
    }

    /// <summary>What is in no list ages by the time of its name.</summary>
    private static bool IsKept(RecordedSegment segment) => segment.State is SegmentState.Whole or SegmentState.Cut || (segment.State == SegmentState.NotListed && SegmentPlace.Parse(segment.Place.ToString()) == segment.Place);

    private bool IsFree(RecordingVault vault, RecordedSegment segment) => vault.Holds.Meeting(new EraseScope(segment.Place.Site, segment.Place.Camera, segment.From, segment.Until(options.Longest))).Count == 0;

    private string? WhyNot(DateTimeOffset now)
    {
        const string Remedy = "set the clock right (timedatectl); recordings are kept meanwhile";
        if (isSynchronised() != true)
        {
            // What is doubted is not noted: the same clock is doubted at the next look too, until it has come back or is known to be right.
            if (_last is { } last && now - last.Wall - time.GetElapsedTime(last.Monotonic) is var apart && apart > s_drift) return $"the clock went ahead by {apart.TotalMinutes:0} min, and nothing reaches its age by that: {Remedy}";
            if (_last is null && File.Exists(Seen) && now - File.GetLastWriteTimeUtc(Seen) > s_pause) return $"the clock says that this node was off for {(now - File.GetLastWriteTimeUtc(Seen)).TotalDays:0} days, and is not synchronised: {Remedy}";
        }

        _last = (now, time.GetTimestamp());
        Note(now);
        return null;
    }

    private void Note(DateTimeOffset now)
    {
        try
        {
            if (!Directory.Exists(Path.GetDirectoryName(Seen))) return;
            FileDraft.Write(Seen, "");
            File.SetLastWriteTimeUtc(Seen, now.UtcDateTime);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is noted with the next look; until then a long pause may be doubted.
        }
    }
}
