using System.Collections.Immutable;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Flow;

public enum BinQuality
{
    /// <summary>At least 99 % of the bin was watched by every camera that feeds the approach, none of it degraded.</summary>
    Complete = 0,

    /// <summary>Some of the bin was not watched by every camera: counts are a lower bound.</summary>
    Partial = 1,

    /// <summary>At no instant did every camera watch: the counts are missing, not zero.</summary>
    Blind = 2,

    /// <summary>Too many frames were lost, or a camera was moved or blinded: the counts cannot be trusted fully.</summary>
    Degraded = 3,
}

/// <summary>Names one bin of one approach.</summary>
/// <param name="Start">In the site's offset; the bin is [Start, End).</param>
public sealed record BinKey(SiteId Site, ApproachId Approach, BinDuration Duration, DateTimeOffset Start);

/// <summary>What made a number: the site configuration, the detector and the calibration.</summary>
/// <param name="SiteHash">As <see cref="Site.Hash"/>.</param>
/// <param name="Calibration">Version of the ground calibration; "none" without one.</param>
public sealed record Provenance(string SiteHash, string DetectorName, string DetectorVersion, string Calibration)
{
    public const string NoCalibration = "none";
}

/// <summary>The provenance of one camera's share of a bin; a camera has two when its detector changed inside the bin.</summary>
public sealed record BinSource(CameraId Camera, Provenance Provenance);

/// <summary>Counts and measures of one stream and class; only streams with a count have a row.</summary>
public sealed record FlowRow(Movement Movement, VehicleClass Class, FlowSums Sums);

/// <summary>
/// All streams of one approach over one half-open interval of event time. A watched bin without a row is zero; a blind bin is missing:
/// <see cref="Count(Movement)"/> tells them apart.
/// </summary>
/// <param name="Observed">For how long every camera that feeds the approach watched.</param>
/// <param name="Revision">0 while the bin is open, 1 when it closed, one more for each late change.</param>
public sealed record FlowBin(
    BinKey Key,
    DateTimeOffset End,
    TimeSpan Observed,
    BinQuality Quality,
    int Revision,
    ImmutableArray<FlowRow> Rows,
    ImmutableArray<BinSource> Sources)
{
    /// <summary>The queue before the approach; null where nothing measured it.</summary>
    public QueueSums? Queue { get; init; }

    public bool IsClosed => Revision > 0;

    public double ObservedSeconds => Observed.TotalSeconds;

    /// <summary>Hash of the site configuration that made the bin (the newest, if it changed inside); empty for a bin nobody fed.</summary>
    public string SiteHash => Sources.IsEmpty ? "" : Sources[^1].Provenance.SiteHash;

    /// <summary>Vehicles of one stream; null when nobody watched and nothing was counted.</summary>
    public int? Count(Movement movement) => Sum(r => r.Movement == movement);

    /// <summary>Vehicles of one stream and class; null when nobody watched and nothing was counted.</summary>
    public int? Count(Movement movement, VehicleClass vehicleClass) => Sum(r => r.Movement == movement && r.Class == vehicleClass);

    private int? Sum(Func<FlowRow, bool> wanted) =>
        Quality == BinQuality.Blind && !Rows.Any(wanted) ? null : Rows.Where(wanted).Sum(r => r.Sums.Count);

    public static BinQuality Judge(Interval bin, TimeSpan observed, bool degraded) =>
        observed <= TimeSpan.Zero ? BinQuality.Blind
        : degraded ? BinQuality.Degraded
        : observed >= bin.Length * 0.99 ? BinQuality.Complete
        : BinQuality.Partial;
}
