namespace TrafficFlow.Core.Calibration;

/// <summary>Surveyed points from which no ground plane can be computed.</summary>
/// <param name="problem">What is wrong with them, to be read after "the points".</param>
/// <param name="remedy">What to do about it.</param>
public sealed class CalibrationException(string problem, string remedy) : Exception($"the points {problem}: {remedy}")
{
    public string Problem { get; } = problem;

    public string Remedy { get; } = remedy;

    public CalibrationFlaw Flaw { get; init; }
}

public enum CalibrationFlaw
{
    Other = 0,
    OnLine = 1,
    Contradicting = 2,
    BeyondHorizon = 3,
    Mirrored = 4,
}
