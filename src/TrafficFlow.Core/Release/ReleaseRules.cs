using TrafficFlow.Core.Flow;

namespace TrafficFlow.Core.Release;

/// <summary>Of which streams of an approach classes are released. Never of both: their tables share vehicles, and would give each other away.</summary>
public enum ClassDetail
{
    /// <summary>Class x movement; where an approach has no movement, class x entering.</summary>
    ByMovement = 0,

    /// <summary>Class x entering: fewer tables, and fewer suppressed cells in them.</summary>
    ByApproach = 1,
}

/// <summary>What is released outside, and how small is too small. Change them only between two months: a table that was released twice under two rules leaks.</summary>
public sealed record ReleaseRules
{
    public static readonly ReleaseRules Default = new();

    public ClassDetail Classes { get; init; } = ClassDetail.ByMovement;

    /// <summary>A cell of class x stream below it is suppressed, and zero with it: nobody can tell 0, 1, … from each other.</summary>
    public int ClassThreshold { get; init; } = 5;

    /// <summary>Fewest measured vehicles of a mean speed.</summary>
    public int SpeedThreshold { get; init; } = 5;

    /// <summary>Movements have totals in bins from this length on.</summary>
    public BinDuration ShortestMovement { get; init; } = BinDuration.QuarterHour;

    /// <summary>An hour's classes and speeds are made so long after its end from what is closed then, once and for all.</summary>
    public TimeSpan HourSettles { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>The same for a day, and for those of its hours that had not closed in time.</summary>
    public TimeSpan DaySettles { get; init; } = TimeSpan.FromHours(6);

    /// <exception cref="ArgumentOutOfRangeException">A threshold below 2 protects nobody; a negative time settles before it ends.</exception>
    internal ReleaseRules Checked()
    {
        foreach (var (threshold, name) in new[] { (ClassThreshold, nameof(ClassThreshold)), (SpeedThreshold, nameof(SpeedThreshold)) })
        {
            if (threshold < 2) throw new ArgumentOutOfRangeException(name, threshold, "a threshold below 2 protects nobody; 5 is usual");
        }

        if (HourSettles < TimeSpan.Zero) throw new ArgumentOutOfRangeException(nameof(HourSettles), HourSettles, "must not be negative");
        if (DaySettles < HourSettles) throw new ArgumentOutOfRangeException(nameof(DaySettles), DaySettles, $"must not be shorter than {nameof(HourSettles)}");
        return this;
    }
}
