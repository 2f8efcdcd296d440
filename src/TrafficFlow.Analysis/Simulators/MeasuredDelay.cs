using TrafficFlow.Core.Sites;

namespace TrafficFlow.Analysis.Simulators;

/// <summary>What the cameras measured on one approach, as the mean over its journeys.</summary>
/// <param name="DelaySeconds">From where the cameras begin to see a vehicle to its exiting gate.</param>
/// <param name="Vehicles">Journeys behind it.</param>
public sealed record MeasuredDelay(ApproachId Approach, double DelaySeconds, int Vehicles);
