using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;

namespace TrafficFlow.Analysis.Capacity;

/// <summary>A count over part of the time that it stands for.</summary>
/// <param name="Observed">For how long somebody watched; never longer than <paramref name="Length"/>.</param>
public readonly record struct PartialCount(long Count, TimeSpan Observed, TimeSpan Length);

/// <summary>How many vehicles passed within some time, expanded to all of it where it was watched in part, with the error of that.</summary>
/// <param name="Counted">Those that somebody saw.</param>
/// <param name="ObservedShare">Part of the time that was watched, 0..1.</param>
/// <param name="Volume">Vehicles over the whole time: those seen, and as many for the rest of the time as the rate of the watched part says.</param>
/// <param name="StandardError">Of <paramref name="Volume"/>, vehicles: zero where everything was watched, for then it is no estimate.</param>
/// <param name="PerHour">Mean rate, vehicles per hour.</param>
/// <param name="PerHourLow">Lower end of the 95 % interval of the rate: what demand may have been, by chance of arrivals.</param>
/// <param name="PerHourHigh">Upper end.</param>
/// <param name="Dispersion">Variance over mean of the counts, 1 at least: arrivals in platoons, or a demand that changes, make errors larger.</param>
public sealed record HourlyVolume(
    long Counted, double ObservedShare, double Volume, double StandardError, double PerHour, double PerHourLow, double PerHourHigh, double Dispersion)
{
    /// <summary>
    /// Null where nobody watched: that is missing, not zero. The intervals are exact for Poisson arrivals (<see cref="PoissonInterval"/>), widened by
    /// the dispersion of the parts (Pearson's chi-square over its degrees of freedom) where three or more tell it.
    /// </summary>
    /// <exception cref="ArgumentException">A part was watched for longer than it lasted, or counted without anybody watching.</exception>
    public static HourlyVolume? Of(IReadOnlyCollection<PartialCount> parts)
    {
        foreach (var part in parts)
        {
            if (part.Count < 0 || part.Observed < TimeSpan.Zero || part.Observed > part.Length) throw new ArgumentException($"{part}: nobody watches for longer than a part lasts, and a count is 0 or more", nameof(parts));
            if (part.Count > 0 && part.Observed == TimeSpan.Zero) throw new ArgumentException($"{part}: vehicles were counted while nobody watched", nameof(parts));
        }

        var (count, observed, length) = (parts.Sum(p => p.Count), parts.Sum(p => p.Observed.TotalHours), parts.Sum(p => p.Length.TotalHours));
        if (observed <= 0) return null;
        var perHour = count / observed;
        var dispersion = DispersionOf(parts, perHour);
        var unseen = (length - observed) / observed;
        // The unseen vehicles vary around their mean, and that mean is itself estimated from those seen.
        var error = Math.Sqrt(dispersion * Math.Max(count, 1) * unseen * (1 + unseen));
        var (low, high) = PoissonInterval.Of(count);
        var wider = Math.Sqrt(dispersion);
        return new HourlyVolume(
            count, observed / length, count * (1 + unseen), error, perHour,
            Math.Max(0, count - (wider * (count - low))) / observed, (count + (wider * (high - count))) / observed, dispersion);
    }

    /// <summary>Of one stream over some bins of one approach, as they are stored; degraded bins count, for their vehicles were seen.</summary>
    /// <param name="vehicleClass">Null for all.</param>
    public static HourlyVolume? Of(IEnumerable<FlowBin> bins, Movement movement, VehicleClass? vehicleClass = null) => Of(
        [
            .. from bin in bins
               let count = vehicleClass is { } only ? bin.Count(movement, only) : bin.Count(movement)
               let length = bin.End - bin.Key.Start
               // What was counted while not every camera watched is a lower bound of nothing that could be expanded.
               select bin.Observed > TimeSpan.Zero && count is { } known
                   ? new PartialCount(known, bin.Observed < length ? bin.Observed : length, length)
                   : new PartialCount(0, TimeSpan.Zero, length),
        ]);

    /// <summary>The same with its vehicles and errors times a factor: for those that were seen, but not where they belong.</summary>
    internal HourlyVolume Times(double factor) => this with { Volume = Volume * factor, StandardError = StandardError * factor, PerHour = PerHour * factor, PerHourLow = PerHourLow * factor, PerHourHigh = PerHourHigh * factor };

    private static double DispersionOf(IReadOnlyCollection<PartialCount> parts, double perHour)
    {
        var (sum, used) = (0.0, 0);
        foreach (var part in parts)
        {
            var expected = perHour * part.Observed.TotalHours;
            if (expected < 1) continue;
            sum += (part.Count - expected) * (part.Count - expected) / expected;
            used++;
        }

        return used >= 3 ? Math.Max(1, sum / (used - 1)) : 1;
    }
}
