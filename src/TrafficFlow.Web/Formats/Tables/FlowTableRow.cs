using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Web.Formats.Tables;

/// <summary>What a cell says: these are never to be confused, in no format.</summary>
public enum CellState
{
    /// <summary>A number; zero is one too, and means watched and empty.</summary>
    Counted,

    /// <summary>Nobody watched, or nothing is stored: there is no number.</summary>
    Missing,

    /// <summary>There is a number, and it is withheld, because so few vehicles could be told apart.</summary>
    Suppressed,

    /// <summary>There is a number, and it is released in longer bins only.</summary>
    Coarsened,

    /// <summary>There is a number, and whether it may be released is not settled yet.</summary>
    Pending,
}

/// <summary>
/// One movement and class of one approach in one bin, as it leaves the server. A row that is withheld gives away none of its numbers, whatever
/// was put into it.
/// </summary>
/// <param name="Movement">A movement's name.</param>
/// <param name="Class">A class's name, or <see cref="AllClasses"/>.</param>
/// <param name="Bin">Its bounds carry the site's offset.</param>
/// <param name="TimeZone">IANA name.</param>
public sealed record FlowTableRow(SiteId Site, ApproachId Approach, string Movement, string Class, Interval Bin, BinDuration Duration, string TimeZone)
{
    /// <summary>In place of a class: of every class together.</summary>
    public const string AllClasses = "all";

    /// <summary>Why there are no numbers, where there are some that may not leave; null where nothing is withheld.</summary>
    public CellState? Withheld { get; init; }

    /// <summary>Vehicles; null where the number is missing or withheld.</summary>
    public int? Count { get => IsWithheld ? null : field; init; }

    /// <summary>Of these, known to be 小型.</summary>
    public int? Small { get => IsWithheld ? null : field; init; }

    /// <summary>Of these, known to be 大型.</summary>
    public int? Large { get => IsWithheld ? null : field; init; }

    /// <summary>Of these, with a measured speed.</summary>
    public int? SpeedSamples { get => IsWithheld ? null : field; init; }

    /// <summary>Harmonic mean, km/h; null without a sample.</summary>
    public double? SpaceMeanSpeedKmh { get => IsWithheld ? null : field; init; }

    /// <summary>Arithmetic mean, km/h; null without a sample.</summary>
    public double? TimeMeanSpeedKmh { get => IsWithheld ? null : field; init; }

    /// <summary>Null where no such bin is stored.</summary>
    public BinQuality? Quality { get; init; }

    /// <summary>In which every camera that feeds the approach watched.</summary>
    public double ObservedSeconds { get; init; }

    /// <summary>1 as the bin closed, more where late data changed it; null where there is no bin.</summary>
    public int? Revision { get; init; }

    /// <summary>What made the numbers (the newest, if it changed inside); null for a bin that nobody fed.</summary>
    public Provenance? Provenance { get; init; }

    /// <summary>The queue before the approach in this bin, the same in each of its rows; null where nothing measured it.</summary>
    public QueueSums? Queue { get; init; }

    public CellState State => IsWithheld ? Withheld!.Value : Count is null ? CellState.Missing : CellState.Counted;

    public string StateName => State.ToString().ToLowerInvariant();

    /// <summary>Withheld because so few vehicles could be told apart.</summary>
    public bool IsSuppressed => State == CellState.Suppressed;

    /// <summary>Share of the bin that was watched, 0 to 1.</summary>
    public double Coverage => Math.Round(Math.Clamp(ObservedSeconds / Bin.Length.TotalSeconds, 0, 1), 4);

    public string QualityName => Quality?.ToString().ToLowerInvariant() ?? "missing";

    private bool IsWithheld => Withheld is not (null or CellState.Counted);

    /// <param name="bin">Null where none is stored for this interval.</param>
    public static FlowTableRow Of(FlowTableKey key, Interval interval, FlowBin? bin, FlowStream stream) =>
        Of(key, interval, bin, stream, bin?.Rows.FirstOrDefault(r => r.Movement == stream.Movement && r.Class == stream.Class)?.Sums);

    /// <param name="counted">What the bin has of the stream; null where it has no such row.</param>
    internal static FlowTableRow Of(FlowTableKey key, Interval interval, FlowBin? bin, FlowStream stream, FlowSums? counted)
    {
        var sums = counted ?? default;
        int? count = bin is null || (counted is null && bin.Quality == BinQuality.Blind) ? null : sums.Count;
        return new FlowTableRow(key.Site, key.Approach, stream.Movement.Name, Core.Detection.VehicleClassNames.Name(stream.Class), interval, key.Duration, key.TimeZone)
        {
            Count = count,
            Small = count is null ? null : sums.Small,
            Large = count is null ? null : sums.Large,
            SpeedSamples = count is null ? null : sums.SpeedSamples,
            SpaceMeanSpeedKmh = sums.SpaceMeanSpeedKmh,
            TimeMeanSpeedKmh = sums.MeanSpeedKmh,
            Quality = bin?.Quality,
            ObservedSeconds = bin?.ObservedSeconds ?? 0,
            Revision = bin?.Revision,
            Provenance = bin is null || bin.Sources.IsEmpty ? null : bin.Sources[^1].Provenance,
            Queue = bin?.Queue,
        };
    }
}

/// <summary>What all rows of one approach share.</summary>
/// <param name="TimeZone">IANA name.</param>
public sealed record FlowTableKey(SiteId Site, ApproachId Approach, BinDuration Duration, string TimeZone);
