using System.Runtime.Serialization;
using TrafficFlow.Core.Flow;

namespace TrafficFlow.Wire.Serialization;

/// <summary>
/// Figures as other nodes send them. NaN, an infinity or a length below zero would spread into every sum and stop the tables' writer. What a
/// roadside stores and sends again until it is acknowledged is read without the figure, so that one of them does not stop a camera; of all
/// other messages the whole is refused.
/// </summary>
internal static class Measures
{
    public static bool IsMeasure(double value) => double.IsFinite(value) && value >= 0;

    public static bool IsMeasured(QueueSums q) =>
        IsMeasure(q.Seconds) && IsMeasure(q.MetreSeconds) && IsMeasure(q.MaxMetres) && IsMeasure(q.VehicleSeconds) && q.MaxVehicles >= 0;

    public static double? OrUnknown(bool present, double value) => present && IsMeasure(value) ? value : null;

    /// <summary>To either side.</summary>
    public static double? OffsetOrUnknown(bool present, double value) => present && double.IsFinite(value) ? value : null;

    public static double OrNone(double value) => double.IsFinite(value) ? value : 0;

    /// <exception cref="SerializationException">They cannot be.</exception>
    public static FlowSums Require(FlowSums s) =>
        s is { Count: >= 0, Small: >= 0, Large: >= 0, SpeedSamples: >= 0 } && IsMeasure(s.SpeedSumKmh) && IsMeasure(s.PaceSum)
            ? s
            : throw new SerializationException($"a row of a flow bin cannot hold {s}");

    /// <summary>A length of bins that is not published has no alignment; one of 0 min would divide by it.</summary>
    /// <exception cref="SerializationException">There are no such bins.</exception>
    public static BinDuration Duration(int minutes) =>
        BinDuration.All.Contains(new BinDuration(minutes)) ? new BinDuration(minutes) : throw new SerializationException($"there are no flow bins of {minutes} min");
}
