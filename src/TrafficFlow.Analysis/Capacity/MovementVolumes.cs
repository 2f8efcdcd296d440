using System.Collections.Immutable;
using TrafficFlow.Core.Flow;

namespace TrafficFlow.Analysis.Capacity;

/// <summary>What entered by one approach in one part of the time.</summary>
/// <param name="Counts">By movement; <see cref="Movement.Entering"/> for those of which nobody saw where they went.</param>
/// <param name="Observed">For how long this approach was watched, whatever became of the others' cameras.</param>
public sealed record ApproachCounts(ImmutableDictionary<Movement, long> Counts, TimeSpan Observed, TimeSpan Length);

/// <summary>
/// Hourly volumes of one approach and its movements, expanded to the time that nobody watched. Vehicles of which nobody saw where they went are shared out among the movements as the known ones
/// are; the intervals hold for a share that is the same for both, which nobody can check: <see cref="UnknownShare"/> says how much hangs on that.
/// </summary>
/// <param name="Entering">All that entered.</param>
/// <param name="ByMovement">None where nobody saw where anybody went.</param>
/// <param name="UnknownShare">Part of the vehicles that was shared out, 0..1.</param>
public sealed record MovementVolumes(HourlyVolume Entering, ImmutableSortedDictionary<Movement, HourlyVolume> ByMovement, double UnknownShare)
{
    /// <returns>Null where nobody watched.</returns>
    /// <exception cref="ArgumentException">As for <see cref="HourlyVolume.Of(IReadOnlyCollection{PartialCount})"/>.</exception>
    public static MovementVolumes? Of(IReadOnlyCollection<ApproachCounts> parts)
    {
        if (HourlyVolume.Of([.. parts.Select(p => new PartialCount(p.Counts.Values.Sum(), p.Observed, p.Length))]) is not { } entering) return null;
        var movements = parts.SelectMany(p => p.Counts.Where(c => c.Value > 0).Select(c => c.Key)).Where(m => m != Movement.Entering).Distinct().ToList();
        var (all, known) = (parts.Sum(p => p.Counts.Values.Sum()), parts.Sum(p => p.Counts.Where(c => c.Key != Movement.Entering).Sum(c => c.Value)));
        return new MovementVolumes(
            entering,
            movements.ToImmutableSortedDictionary(m => m, m => HourlyVolume.Of([.. parts.Select(p => new PartialCount(p.Counts.GetValueOrDefault(m), p.Observed, p.Length))])!.Times((double)all / known)),
            all > 0 ? (double)(all - known) / all : 0);
    }
}
