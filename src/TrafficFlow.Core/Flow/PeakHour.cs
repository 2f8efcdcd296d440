namespace TrafficFlow.Core.Flow;

/// <summary>The hour of four successive quarter hours in which most vehicles passed.</summary>
/// <param name="Volume">V60, vehicles.</param>
/// <param name="MaxQuarter">V15max: of its busiest quarter hour, vehicles.</param>
public sealed record PeakHour(DateTimeOffset Start, int Volume, int MaxQuarter)
{
    private const int Quarters = 4;

    /// <summary>Peak hour factor V60 / (4 V15max), 0.25 to 1; null in an hour without vehicles.</summary>
    public double? Factor => MaxQuarter > 0 ? Volume / (double)(Quarters * MaxQuarter) : null;

    /// <param name="quarters">Successive quarter hours, in order; the count is null where it was not watched.</param>
    /// <returns>The earliest of the busiest; null where no hour was watched in all its quarters: a peak that somebody missed would be none.</returns>
    public static PeakHour? Find(IReadOnlyList<(DateTimeOffset Start, int? Count)> quarters)
    {
        PeakHour? peak = null;
        for (var i = 0; i + Quarters <= quarters.Count; i++)
        {
            var hour = quarters.Skip(i).Take(Quarters).ToList();
            if (hour.Any(q => q.Count is null)) continue;
            var volume = hour.Sum(q => q.Count!.Value);
            if (peak is null || volume > peak.Volume) peak = new PeakHour(hour[0].Start, volume, hour.Max(q => q.Count!.Value));
        }

        return peak;
    }
}
