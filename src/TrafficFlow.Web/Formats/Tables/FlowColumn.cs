using System.Globalization;
using TrafficFlow.Core.Flow;

namespace TrafficFlow.Web.Formats.Tables;

/// <summary>A column of the flow table, the same in every tabular format: those of `trafficflow export`, and what the row is.</summary>
/// <param name="Description">Meaning and unit.</param>
public abstract record FlowColumn(string Name, string Description)
{
    private const string LocalTime = "yyyy-MM-dd'T'HH:mm:sszzz";

    /// <summary>How the bounds of a bin are written. Its rows come one after the other, so that the last one made serves nearly all of them.</summary>
    private sealed record BoundTexts(Interval Bin, string Date, string Time, string Offset, string Start, string End);

    [ThreadStatic]
    private static BoundTexts? t_bounds;

    public static readonly IReadOnlyList<FlowColumn> All =
    [
        new TextColumn("site", "name of the site", r => r.Site.Value),
        new TextColumn("approach", "arm of the site; _gates: gates that neither enter nor exit", r => r.Approach.Value),
        new TextColumn("movement", "entering, exiting, \"to EXIT\", or \"CAMERA GATE forward|backward\"", r => r.Movement),
        new TextColumn("class", "vehicle class, or all", r => r.Class),
        new TextColumn("date", "of the site's clock, where the bin begins", r => Bounds(r).Date),
        new TextColumn("time", "of the site's clock, where the bin begins", r => Bounds(r).Time),
        new TextColumn("utc_offset", "of the site's clock, where the bin begins", r => Bounds(r).Offset),
        new TextColumn("time_zone", "of the site (IANA)", r => r.TimeZone),
        new TextColumn("start", "of the bin, included (RFC 3339)", r => Bounds(r).Start),
        new TextColumn("end", "of the bin, not included (RFC 3339)", r => Bounds(r).End),
        new TimeColumn("start_utc", "of the bin, included", r => r.Bin.From.UtcDateTime),
        new WholeColumn("bin_min", "nominal length of the bin, minutes", r => r.Duration.Minutes, false),
        new WholeColumn("count", "vehicles; 0: watched and empty; none: `state` says why", r => r.Count, true),
        new WholeColumn("small", "of these, known to be 小型", r => r.Small, true),
        new WholeColumn("large", "of these, known to be 大型", r => r.Large, true),
        new WholeColumn("speed_samples", "of these, with a measured speed", r => r.SpeedSamples, true),
        new NumberColumn("space_mean_speed_kmh", "harmonic mean, km/h", r => Rounded(r.SpaceMeanSpeedKmh), true),
        new NumberColumn("time_mean_speed_kmh", "arithmetic mean, km/h", r => Rounded(r.TimeMeanSpeedKmh), true),
        new TextColumn("quality", "complete, partial (a lower bound), degraded, blind, or missing (no such bin is stored)", r => r.QualityName),
        new NumberColumn("observed_s", "in which every camera that feeds the approach watched, seconds", r => Math.Round(r.ObservedSeconds, 1), false),
        new NumberColumn("coverage", "share of the bin that was watched, 0 to 1", r => r.Coverage, false),
        new WholeColumn("revision", "1 as the bin closed, more where late data changed it", r => r.Revision, true),
        new TextColumn("site_hash", "site configuration that made the number", r => r.Provenance?.SiteHash ?? ""),
        new TextColumn("model", "detector that made the number", r => r.Provenance?.DetectorName ?? ""),
        new TextColumn("model_version", "of the detector", r => r.Provenance?.DetectorVersion ?? ""),
        new TextColumn("calibration", "ground calibration that made the speeds", r => r.Provenance?.Calibration ?? ""),
        new NumberColumn("queue_mean_m", "mean back of queue before the approach, metres", r => Rounded(r.Queue?.MeanMetres), true),
        new NumberColumn("queue_max_m", "longest back of queue, metres", r => Rounded(r.Queue?.MaxMetres), true),
        new NumberColumn("queue_mean_vehicles", "mean number of queued vehicles", r => Rounded(r.Queue?.MeanVehicles), true),
        new WholeColumn("queue_max_vehicles", "most that were queued at once", r => r.Queue?.MaxVehicles, true),
        new TextColumn("state", "counted (0 too), missing (nobody watched, or nothing is stored), suppressed, coarsened (told in longer bins only) or pending (not settled yet)", r => r.StateName),
        new FlagColumn("suppressed", "the numbers of the row are withheld: so few vehicles could be told apart", r => r.IsSuppressed),
    ];

    private static BoundTexts Bounds(FlowTableRow row)
    {
        if (t_bounds is { } last && last.Bin.From.EqualsExact(row.Bin.From) && last.Bin.To.EqualsExact(row.Bin.To)) return last;
        return t_bounds = new BoundTexts(row.Bin, Text(row.Bin.From, "yyyy-MM-dd"), Text(row.Bin.From, "HH:mm"), Text(row.Bin.From, "zzz"), Text(row.Bin.From, LocalTime), Text(row.Bin.To, LocalTime));
    }

    private static string Text(DateTimeOffset time, string format) => time.ToString(format, CultureInfo.InvariantCulture);

    private static double? Rounded(double? value) => value is { } known ? Math.Round(known, 1) : null;
}

/// <summary>Empty where not known.</summary>
public sealed record TextColumn(string Name, string Description, Func<FlowTableRow, string> Get) : FlowColumn(Name, Description);

public sealed record WholeColumn(string Name, string Description, Func<FlowTableRow, int?> Get, bool IsNullable) : FlowColumn(Name, Description);

public sealed record NumberColumn(string Name, string Description, Func<FlowTableRow, double?> Get, bool IsNullable) : FlowColumn(Name, Description);

public sealed record FlagColumn(string Name, string Description, Func<FlowTableRow, bool> Get) : FlowColumn(Name, Description);

/// <summary>UTC.</summary>
public sealed record TimeColumn(string Name, string Description, Func<FlowTableRow, DateTime> Get) : FlowColumn(Name, Description);
