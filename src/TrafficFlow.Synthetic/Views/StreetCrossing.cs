using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Scoring;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Synthetic.Views;

/// <summary>A simulated vehicle passed a gate: the middle of its true box's lower edge crossed the line in the picture.</summary>
/// <param name="TimeSeconds">From the start of the film.</param>
/// <param name="FromSeconds">
/// Since when that point was so near the line that a box's jitter can carry it across; with <paramref name="ToSeconds"/>, until when.
/// Who stops on the line may rightly be counted when it comes or when it goes.
/// </param>
/// <param name="IsOptional">Counting it is right, and so is not counting it: hidden all along there, at the gate's end, or astride it at the film's edge.</param>
public sealed record StreetCrossing(
    GateId Gate,
    CrossingDirection Direction,
    double TimeSeconds,
    double FromSeconds,
    double ToSeconds,
    long Vehicle,
    VehicleClass Class,
    double SpeedKmh,
    bool IsOptional)
{
    /// <summary>As a row of a truth file.</summary>
    public TruthCrossing ToTruth(string lighting) => new(Gate, Direction, TimeSeconds, Class, Class.Size(), IsOptional)
    {
        Lighting = lighting,
        SpeedKmh = Math.Round(SpeedKmh, 1),
    };
}
