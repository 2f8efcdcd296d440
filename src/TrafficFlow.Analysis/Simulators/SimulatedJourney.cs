using TrafficFlow.Core.Detection;

namespace TrafficFlow.Analysis.Simulators;

/// <summary>What became of one vehicle of the simulated traffic.</summary>
/// <param name="WantsToArriveAt">Second at which it comes to the beginning of its arm.</param>
/// <param name="DelaySeconds">Against driving on undisturbed at its own desired speed, from when it wanted to arrive to its end or that of the simulation; time in a queue that reached back beyond the arm included.</param>
/// <param name="SeenDelaySeconds">As a journey's delay is measured: from where the cameras begin to see it to the exiting gate, against the free-flow speed; null where it did not get so far.</param>
/// <param name="Stops">How often it came to a stand.</param>
/// <param name="FuelGrams">Null where it never came onto the arm.</param>
/// <param name="Co2Grams">As above.</param>
/// <param name="HasLeft">False for one that was still there when the simulation ended.</param>
public sealed record SimulatedJourney(
    TurnId Turn,
    VehicleClass Class,
    double WantsToArriveAt,
    double DelaySeconds,
    double? SeenDelaySeconds,
    int Stops,
    double StoppedSeconds,
    double? FuelGrams,
    double? Co2Grams,
    bool HasLeft);
