using TrafficFlow.Core.Flow;

namespace TrafficFlow.Core.Release;

/// <summary>
/// The speeds of one stream in one period. A mean is told where all that was not told within the period (once with a longer one) is nobody or at
/// least the threshold: so every difference of told sums is a sum over at least the threshold of vehicles.
/// </summary>
internal sealed class SpeedSums
{
    private readonly int _open;

    private SpeedSums(FlowSums sums, int open, int threshold)
    {
        Sums = sums;
        IsTold = sums.SpeedSamples > 0 && (open == 0 || open >= threshold);
        _open = IsTold ? 0 : open;
    }

    public FlowSums Sums { get; }

    public bool IsTold { get; }

    /// <summary>What is told of them.</summary>
    public FlowSums? Told => IsTold ? Sums : null;

    public static SpeedSums Of(FlowSums sums, int threshold) => new(sums, sums.SpeedSamples, threshold);

    public static SpeedSums Of(IReadOnlyCollection<SpeedSums> parts, int threshold) =>
        new(parts.Aggregate(default(FlowSums), (sum, p) => sum + p.Sums), parts.Sum(p => p._open), threshold);
}
