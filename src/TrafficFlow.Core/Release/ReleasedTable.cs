using System.Collections.Immutable;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Release;

public enum ReleasedPeriod
{
    Minute = 0,
    FiveMinutes = 1,
    QuarterHour = 2,
    Hour = 3,
    Day = 4,
    Month = 5,
}

/// <summary>Why a released cell has no count.</summary>
public enum Withheld
{
    /// <summary>
    /// The cell, or one that could be computed from it, is below the threshold. Which of the two is not told, on purpose: "it is the large one
    /// of the two" would give the small one away.
    /// </summary>
    Suppressed = 0,

    /// <summary>Released in longer periods only.</summary>
    Coarsened = 1,

    /// <summary>Not yet settled: it will be told, or suppressed, later.</summary>
    Pending = 2,

    /// <summary>Nobody watched. Never zero.</summary>
    Missing = 3,
}

/// <summary>One figure that may leave. Only <see cref="FlowRelease"/> makes it.</summary>
public sealed class ReleasedCell
{
    internal ReleasedCell(Movement movement, VehicleClass? vehicleClass, int? count, Withheld? withheld, FlowSums? speeds = null, int atLeast = 0)
    {
        (Movement, Class, Count, Withheld, AtLeast) = (movement, vehicleClass, count, count is null ? withheld : null, count ?? atLeast);
        if (count is null || speeds is not { SpeedSamples: > 0 } sums) return;
        SpaceMeanSpeedKmh = Math.Round(sums.SpaceMeanSpeedKmh!.Value, 1);
        MeanSpeedKmh = Math.Round(sums.MeanSpeedKmh!.Value, 1);
    }

    public Movement Movement { get; }

    /// <summary>Null: vehicles of every class.</summary>
    public VehicleClass? Class { get; }

    /// <summary>Vehicles; null where <see cref="Withheld"/> says why.</summary>
    public int? Count { get; }

    /// <summary>The count, or of a suppressed one the sum of what is told within it: the reader could add that up too.</summary>
    public int AtLeast { get; }

    /// <summary>Null where there is a count.</summary>
    public Withheld? Withheld { get; }

    /// <summary>Harmonic mean, km/h, to 0.1; of settled entering streams only, and of enough vehicles.</summary>
    public double? SpaceMeanSpeedKmh { get; }

    /// <summary>Arithmetic mean, km/h, to 0.1; as <see cref="SpaceMeanSpeedKmh"/>.</summary>
    public double? MeanSpeedKmh { get; }

    public override string ToString() => $"{Movement}{(Class is { } c ? $" {c.Name()}" : "")}: {(Count is { } n ? n : Withheld)}";
}

/// <summary>
/// All that may leave of one approach in one period. This type is the wall: whatever writes for the city or the public takes it and no
/// <see cref="FlowBin"/>, and only <see cref="FlowRelease"/> makes one. There is none for journeys: single vehicles are not released.
/// </summary>
public sealed class ReleasedTable
{
    internal ReleasedTable(
        SiteId site, ApproachId approach, ReleasedPeriod period, Interval span, TimeSpan observed, BinQuality quality, int revision, DateTimeOffset? detailAsOf,
        ImmutableArray<ReleasedCell> cells) =>
        (Site, Approach, Period, Span, Observed, Quality, Revision, DetailAsOf, Cells) = (site, approach, period, span, observed, quality, revision, detailAsOf, cells);

    public SiteId Site { get; }

    public ApproachId Approach { get; }

    public ReleasedPeriod Period { get; }

    /// <summary>[From, To) in the site's offset.</summary>
    public Interval Span { get; }

    /// <summary>For how long every camera that feeds the approach watched.</summary>
    public TimeSpan Observed { get; }

    public BinQuality Quality { get; }

    /// <summary>Of the totals: 1 when the bin closed, one more for each late change; of a sum, the highest of its bins. 0: nothing closed yet.</summary>
    public int Revision { get; }

    /// <summary>
    /// Classes and speeds are made of what was closed at this instant; vehicles that came later are in the totals only. Null where the table has
    /// none, or none yet.
    /// </summary>
    public DateTimeOffset? DetailAsOf { get; }

    public ImmutableArray<ReleasedCell> Cells { get; }

    /// <summary>How many cells were suppressed; to be told beside the table.</summary>
    public int SuppressedCells => Cells.Count(c => c.Withheld == Withheld.Suppressed);

    /// <param name="vehicleClass">Null for the total.</param>
    /// <returns>Null where such a cell is not part of this release.</returns>
    public ReleasedCell? Cell(Movement movement, VehicleClass? vehicleClass = null) => Cells.FirstOrDefault(c => c.Movement == movement && c.Class == vehicleClass);
}

/// <summary>A day as it is released.</summary>
/// <param name="Quarters">Totals, and the speed of what entered.</param>
/// <param name="Hours">Totals, speeds and classes.</param>
/// <param name="Day">The same; its classes are pending until the day has settled.</param>
public sealed record ReleasedDay(ImmutableArray<ReleasedTable> Quarters, ImmutableArray<ReleasedTable> Hours, ReleasedTable Day);

/// <summary>A month as it is released.</summary>
/// <param name="Month">Its classes are pending until its last day has settled.</param>
public sealed record ReleasedMonth(ImmutableArray<ReleasedDay> Days, ReleasedTable Month);
