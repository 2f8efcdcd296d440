namespace TrafficFlow.Analysis.Capacity;

/// <summary>
/// Control delay of a lane group at fixed-time signals by the Highway Capacity Manual (TRB 2000, equations 16-9 to 16-12; the same in later
/// editions for fixed time): d = d1 PF + d2, in seconds per vehicle. A queue from before the period (d3) is not in it.
/// </summary>
public static class HcmDelay
{
    /// <summary>Hours of the analysis period by default: a quarter.</summary>
    public const double DefaultPeriodHours = 0.25;

    /// <summary>k at fixed time.</summary>
    public const double FixedTimeIncrement = 0.5;

    /// <summary>d1: what vehicles wait that come evenly, in seconds.</summary>
    /// <param name="greenSeconds">Effective green.</param>
    /// <param name="degreeOfSaturation">Demand over capacity; above 1 the uniform part grows no more.</param>
    public static double UniformSeconds(double cycleSeconds, double greenSeconds, double degreeOfSaturation)
    {
        CheckCycle(cycleSeconds, greenSeconds);
        if (!(degreeOfSaturation >= 0)) throw new ArgumentOutOfRangeException(nameof(degreeOfSaturation), degreeOfSaturation, "the degree of saturation is 0 or more");
        var share = greenSeconds / cycleSeconds;
        if (share >= 1) return 0;
        return 0.5 * cycleSeconds * (1 - share) * (1 - share) / (1 - (Math.Min(1, degreeOfSaturation) * share));
    }

    /// <summary>d2: what chance and overflow add, in seconds.</summary>
    /// <param name="capacityPerHour">Vehicles per hour.</param>
    /// <param name="periodHours">T: for how long the demand stays.</param>
    /// <param name="increment">k: 0.5 at fixed time, less where a controller reacts.</param>
    /// <param name="filtering">I: 1 at an isolated junction, less below another signal.</param>
    public static double IncrementalSeconds(
        double degreeOfSaturation, double capacityPerHour, double periodHours = DefaultPeriodHours, double increment = FixedTimeIncrement, double filtering = 1)
    {
        if (!(capacityPerHour > 0)) throw new ArgumentOutOfRangeException(nameof(capacityPerHour), capacityPerHour, "a lane group without capacity has no delay that could be told");
        if (!(periodHours > 0)) throw new ArgumentOutOfRangeException(nameof(periodHours), periodHours, "the period is longer than 0 h");
        var over = degreeOfSaturation - 1;
        return 900 * periodHours * (over + Math.Sqrt((over * over) + (8 * increment * filtering * degreeOfSaturation / (capacityPerHour * periodHours))));
    }

    /// <summary>d: both together.</summary>
    /// <param name="progression">PF: 1 where arrivals do not depend on the signal.</param>
    public static double ControlSeconds(
        double cycleSeconds, double greenSeconds, double degreeOfSaturation, double capacityPerHour, double periodHours = DefaultPeriodHours, double progression = 1) =>
        (UniformSeconds(cycleSeconds, greenSeconds, degreeOfSaturation) * progression) + IncrementalSeconds(degreeOfSaturation, capacityPerHour, periodHours);

    private static void CheckCycle(double cycleSeconds, double greenSeconds)
    {
        if (!(cycleSeconds > 0)) throw new ArgumentOutOfRangeException(nameof(cycleSeconds), cycleSeconds, "a cycle is longer than 0 s");
        if (!(greenSeconds >= 0 && greenSeconds <= cycleSeconds)) throw new ArgumentOutOfRangeException(nameof(greenSeconds), greenSeconds, "green lies within the cycle");
    }
}

/// <summary>Level of service at signals, by control delay.</summary>
public enum LevelOfService
{
    A = 0,
    B = 1,
    C = 2,
    D = 3,
    E = 4,
    F = 5,
}

public static class LevelsOfService
{
    private static readonly double[] s_limits = [10, 20, 35, 55, 80];

    /// <summary>By HCM: up to 10, 20, 35, 55 and 80 s per vehicle; from HCM 2010 on F too where demand is above capacity.</summary>
    public static LevelOfService OfDelay(double controlDelaySeconds, double degreeOfSaturation = 0)
    {
        if (!(controlDelaySeconds >= 0)) throw new ArgumentOutOfRangeException(nameof(controlDelaySeconds), controlDelaySeconds, "delay is 0 s or more");
        if (degreeOfSaturation > 1) return LevelOfService.F;
        return (LevelOfService)s_limits.Count(limit => controlDelaySeconds > limit);
    }
}
