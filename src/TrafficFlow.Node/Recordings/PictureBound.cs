using System.Globalization;
using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.HandCarry;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Policies;
using TrafficFlow.Vault.Recordings;
using TrafficFlow.Vault.Segments;

namespace TrafficFlow.Node.Recordings;

/// <param name="Oldest">What goes because of the bound.</param>
/// <param name="Full">Why nothing is recorded until there is room; null while something is.</param>
/// <param name="Problem">For the node's health: that it is full, will be soon, or is too small for what is asked of it; null where all is well.</param>
internal sealed record BoundLook(IReadOnlyList<SegmentPlace> Oldest, string? Full, string? Problem);

/// <summary>
/// What the bound of the disk (trafficflow.vault.max-gigabytes) does. Of what was recorded here the oldest go. Never by it goes what was carried here, for its source has erased it; what a site's file says is carried away by hand,
/// or is on its way, before the other side has confirmed it; and what is held. Where that alone fills the bound, recording ends until there is room, and counting goes on; this is told days before.
/// </summary>
internal sealed class PictureBound(SegmentStoreOptions options, TimeProvider time)
{
    /// <summary>By what was recorded in this time, it is told when the bound will be reached.</summary>
    private static readonly TimeSpan s_rateOver = TimeSpan.FromDays(7);

    /// <summary>Of less, no rate can be told.</summary>
    private static readonly TimeSpan s_leastOfRate = TimeSpan.FromDays(1);

    /// <summary>It is told so long before.</summary>
    private static readonly TimeSpan s_warnedBefore = TimeSpan.FromDays(7);

    private string Bound => Size(options.MostBytes);

    /// <param name="left">What the files of sites said last that are not in force any more.</param>
    /// <param name="isKept">Not erased, and not about to be for another reason.</param>
    public BoundLook Look(RecordingVault vault, IReadOnlyList<Site> sites, IReadOnlyList<KeptPolicy> left, Func<RecordedSegment, bool> isKept)
    {
        var kept = vault.Recorded.List().Where(isKept).OrderBy(s => s.From).ToList();
        if (kept.Count == 0) return new BoundLook([], null, null);
        IReadOnlySet<string> carried, confirmed;
        try
        {
            (carried, confirmed) = (OnTheirWay(vault), vault.ConfirmedHere);
        }
        catch (Exception e) when (e is VaultFileException or VaultKeyException or IOException or UnauthorizedAccessException)
        {
            return new BoundLook([], null, $"what is on its way by hand, or came by it, cannot be told ({e.Message}): until it can, nothing is erased because of trafficflow.vault.max-gigabytes");
        }

        var (holds, took) = (vault.Holds, vault.HasTakenIn);
        // What no list names may have been carried here, and lists of earlier versions do not say what was.
        bool CameHere(RecordedSegment s) => s.IsCarried || (took && s.State == SegmentState.NotListed) || confirmed.Contains(s.Place.ToString());
        bool Stays(RecordedSegment s) => CameHere(s) || Weeks(s.Place.Site, sites, left) is not null || carried.Contains(s.Place.ToString());
        var total = kept.Sum(s => s.Bytes);
        var stay = kept.Where(Stays).Sum(s => s.Bytes);
        var (bytes, gone) = (total, new List<SegmentPlace>());
        foreach (var segment in kept.TakeWhile(_ => bytes > options.MostBytes))
        {
            if (Stays(segment) || holds.Meeting(new EraseScope(segment.Place.Site, segment.Place.Camera, segment.From, segment.Until(options.Longest))).Count > 0) continue;
            gone.Add(segment.Place);
            bytes -= segment.Bytes;
        }

        var full = bytes <= options.MostBytes ? null
            : $"nothing is recorded any more, and counting goes on: {Size(bytes)} of recordings lie here that are not erased to make room (carried here, to be carried away first, or held), and trafficflow.vault.max-gigabytes lets them be {Bound}. {Remedy(stay, kept.Where(CameHere).Sum(s => s.Bytes))}";
        return new BoundLook(gone, full, full ?? Soon(kept, CameHere, sites, left, stay) ?? TooSmall(kept, sites, left, CameHere));
    }

    /// <summary>Full within a week by what is to be carried away first, or smaller than what is recorded from one journey to the next.</summary>
    private string? Soon(List<RecordedSegment> kept, Func<RecordedSegment, bool> cameHere, IReadOnlyList<Site> sites, IReadOnlyList<KeptPolicy> left, long stay)
    {
        if (PerDay(kept.Where(s => !cameHere(s) && Weeks(s.Place.Site, sites, left) is not null)) is not { } rate) return null;
        var days = (options.MostBytes - stay) / rate;
        if (days <= s_warnedBefore.TotalDays)
            return string.Create(CultureInfo.InvariantCulture, $"recordings reach {Bound} (trafficflow.vault.max-gigabytes) in {Math.Max(0, days):0.0} days at the present rate ({Size((long)rate)} a day), and nothing is recorded then until they were carried away: carry them now (trafficflow vault export), or raise it");
        var weeks = kept.Select(s => Weeks(s.Place.Site, sites, left)).Max() ?? 0;
        var holds = (options.MostBytes - kept.Where(cameHere).Sum(s => s.Bytes)) / rate;
        return holds >= weeks * 7 ? null
            : string.Create(CultureInfo.InvariantCulture, $"trafficflow.vault.max-gigabytes ({Bound}) holds {holds:0.0} days of recordings at the present rate ({Size((long)rate)} a day), and they are carried away each {weeks} weeks: nothing would be recorded at the end. Raise it, record less, or carry more often");
    }

    /// <summary>The oldest go before the age that a site's file says.</summary>
    private string? TooSmall(List<RecordedSegment> kept, IReadOnlyList<Site> sites, IReadOnlyList<KeptPolicy> left, Func<RecordedSegment, bool> cameHere)
    {
        if (PerDay(kept.Where(s => !cameHere(s))) is not { } rate) return null;
        var holds = (options.MostBytes - kept.Where(cameHere).Sum(s => s.Bytes)) / rate;
        var (site, age) = kept.Select(s => s.Place.Site).Distinct().Where(id => Weeks(id, sites, left) is null).Select(id => (Id: id, Age: RuleOf(id, sites, left).MaxAge)).Where(s => s.Age is not null).OrderByDescending(s => s.Age).FirstOrDefault();
        return age is not { } longest || holds >= longest.TotalDays ? null
            : string.Create(CultureInfo.InvariantCulture, $"trafficflow.vault.max-gigabytes ({Bound}) holds {holds:0.0} days of recordings at the present rate ({Size((long)rate)} a day), and the file of site {site} keeps them for {longest.TotalDays:0.#} days: the oldest go before. Raise it, record less, or say so in the file");
    }

    /// <returns>Bytes; null where too little was recorded of late.</returns>
    private double? PerDay(IEnumerable<RecordedSegment> recorded)
    {
        var now = time.GetUtcNow();
        var late = recorded.Where(s => s.From > now - s_rateOver && s.From <= now).ToList();
        return late.Count > 0 && now - late.Min(s => s.From) is var over && over >= s_leastOfRate && late.Sum(s => s.Bytes) is > 0 and var bytes ? bytes / over.TotalDays : null;
    }

    private static HashSet<string> OnTheirWay(RecordingVault vault) => [.. vault.Exports.SelectMany(b => b.Volumes).Where(v => v.State != VolumeState.Erased).SelectMany(v => v.Segments)];

    /// <returns>From one journey to the next; null where nothing of a site is carried by hand.</returns>
    private static int? Weeks(SiteId id, IReadOnlyList<Site> sites, IReadOnlyList<KeptPolicy> left) =>
        sites.FirstOrDefault(s => s.Id == id) is { } site ? site.Custody?.HandCarryWeeks : left.FirstOrDefault(p => p.Site == id.Value)?.HandCarryWeeks;

    private static KeepRule RuleOf(SiteId id, IReadOnlyList<Site> sites, IReadOnlyList<KeptPolicy> left) =>
        sites.FirstOrDefault(s => s.Id == id) is { } site ? site.Custody?.Retention.Pictures ?? default : left.FirstOrDefault(p => p.Site == id.Value)?.Pictures ?? default;

    private static string Remedy(long stay, long cameHere) =>
        cameHere == stay ? "Raise it, or erase what is not needed any more (trafficflow vault erase)" : "Carry them away and bring the confirmation back (trafficflow vault export, confirm), or raise it";

    private static string Size(long bytes) => VaultDesk.Size(bytes);
}
