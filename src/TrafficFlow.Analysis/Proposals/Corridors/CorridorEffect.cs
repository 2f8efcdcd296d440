using System.Collections.Immutable;
using TrafficFlow.Analysis.Capacity;
using TrafficFlow.Core.Signals;

namespace TrafficFlow.Analysis.Proposals.Corridors;

/// <summary>What the plans of a line do to the vehicles of one signal group.</summary>
/// <param name="Junction">Place in the line.</param>
/// <param name="Link">Place of the link that they come on; null for side streets, and for those who enter the line.</param>
/// <param name="DegreeOfSaturation">Of its fullest lane group.</param>
/// <param name="DelaySeconds">Mean of a vehicle: that of the cyclic queue, and HCM's increment of chance and overflow.</param>
/// <param name="Stops">Mean of a vehicle, after Akçelik as in <see cref="GroupEffect"/>.</param>
/// <param name="ArrivalsOnGreen">Share of the vehicles, 0..1.</param>
/// <param name="MostQueued">Vehicles at the cycle's longest queue, without overflow.</param>
public sealed record StopLineEffect(
    int Junction, string Group, int? Link, double VehiclesPerHour, double DegreeOfSaturation, double DelaySeconds, double Stops, double ArrivalsOnGreen, double MostQueued)
{
    public LevelOfService Level => double.IsFinite(DelaySeconds) ? LevelsOfService.OfDelay(DelaySeconds, DegreeOfSaturation) : LevelOfService.F;
}

/// <summary>What the plans of a line do.</summary>
/// <param name="Plans">Of the junctions, in their order.</param>
/// <param name="VehicleHoursPerHour">Delay of all vehicles of all its junctions that come in an hour.</param>
/// <param name="MeanStops">Of a vehicle at a stop line.</param>
public sealed record CorridorEffect(ImmutableArray<TimingPlan> Plans, ImmutableArray<StopLineEffect> StopLines, double VehicleHoursPerHour, double MeanStops, Bandwidth Bandwidth)
{
    public IEnumerable<double> OffsetsSeconds => Plans.Select(p => p.OffsetSeconds);

    /// <summary>Vehicle-hours an hour lost on one link.</summary>
    public double LostOn(int link) => StopLines.Where(s => s.Link == link && s.VehiclesPerHour > 0).Sum(s => s.VehiclesPerHour * s.DelaySeconds) / 3600;

    /// <summary>Vehicle-hours an hour lost by those who come on no link: side streets and entries.</summary>
    public double LostOffLinks => StopLines.Where(s => s.Link is null && s.VehiclesPerHour > 0).Sum(s => s.VehiclesPerHour * s.DelaySeconds) / 3600;

    public StopLineEffect Of(int junction, string group) => StopLines.First(s => s.Junction == junction && s.Group == group);
}
