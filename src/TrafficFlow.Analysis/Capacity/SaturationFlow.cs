namespace TrafficFlow.Analysis.Capacity;

/// <summary>What a lane is for, which sets its base saturation flow.</summary>
public enum LaneUse
{
    /// <summary>Through, alone or with turns: 2000 vehicles per lane and hour of green.</summary>
    Through = 0,

    /// <summary>Turns alone: 1800.</summary>
    Turn = 1,
}

/// <summary>One column of the worksheet: a lane and what lowers its saturation flow.</summary>
/// <param name="HeavyPercent">T: large vehicles (大型車) of all, percent.</param>
public sealed record LaneConditions(LaneUse Use, double HeavyPercent)
{
    /// <summary>α_W, of the lane's width: 1 from 3 m on.</summary>
    public double WidthFactor { get; init; } = 1;

    /// <summary>α_G, of the gradient.</summary>
    public double GradeFactor { get; init; } = 1;

    /// <summary>α_LT or α_RT, of turning vehicles; <see cref="SaturationFlow.PedestrianFactor"/> is that of an exclusive left-turn lane.</summary>
    public double TurnFactor { get; init; } = 1;
}

/// <summary>
/// Saturation flow and flow ratios as the cities of Japan calculate them (交差点需要率算定: 平面交差の計画と設計, 交通工学研究会): S = S_B α_W α_G α_T α_LT α_RT,
/// vehicles per lane and hour of green.
/// </summary>
public static class SaturationFlow
{
    /// <summary>Passenger cars that one large vehicle stands for.</summary>
    public const double HeavyEquivalent = 1.7;

    /// <summary>The usual limit of the intersection's flow ratio (需要率).</summary>
    public const double FlowRatioLimit = 0.9;

    public static double Base(LaneUse use) => use == LaneUse.Through ? 2000 : 1800;

    /// <summary>α_T = 100 / ((100 - T) + 1.7 T).</summary>
    public static double HeavyFactor(double heavyPercent) =>
        heavyPercent is >= 0 and <= 100
            ? 100 / (100 - heavyPercent + (HeavyEquivalent * heavyPercent))
            : throw new ArgumentOutOfRangeException(nameof(heavyPercent), heavyPercent, "the share of large vehicles is 0..100 %");

    /// <summary>α_L = ((1 - f_p) G_p + (G - G_p)) / G: a left-turn lane whose vehicles wait for people who cross.</summary>
    /// <param name="pedestrianReduction">f_p: the part of the pedestrians' green that they take from turning vehicles, 0..1.</param>
    /// <param name="greenSeconds">G: effective green of the lane.</param>
    /// <param name="pedestrianGreenSeconds">G_p: green of those who cross beside it.</param>
    public static double PedestrianFactor(double pedestrianReduction, double greenSeconds, double pedestrianGreenSeconds)
    {
        if (pedestrianReduction is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(pedestrianReduction), pedestrianReduction, "the reduction is 0..1");
        if (!(greenSeconds > 0)) throw new ArgumentOutOfRangeException(nameof(greenSeconds), greenSeconds, "green is longer than 0 s");
        var walking = Math.Clamp(pedestrianGreenSeconds, 0, greenSeconds);
        return (((1 - pedestrianReduction) * walking) + (greenSeconds - walking)) / greenSeconds;
    }

    /// <summary>S of one lane, vehicles per hour of green.</summary>
    public static double Of(LaneConditions lane)
    {
        foreach (var factor in new[] { lane.WidthFactor, lane.GradeFactor, lane.TurnFactor })
        {
            if (factor is not (> 0 and <= 1.5)) throw new ArgumentException("factors of a lane are above 0 and about 1 at most", nameof(lane));
        }

        return Base(lane.Use) * lane.WidthFactor * lane.GradeFactor * HeavyFactor(lane.HeavyPercent) * lane.TurnFactor;
    }

    /// <summary>Vehicles as passenger cars.</summary>
    public static double PassengerCarUnits(double small, double large) => small + (HeavyEquivalent * large);

    /// <summary>Vehicles per hour that a lane or several can pass: S g / C.</summary>
    public static double Capacity(double saturationFlow, double greenSeconds, double cycleSeconds) =>
        cycleSeconds > 0 && greenSeconds >= 0 && greenSeconds <= cycleSeconds && saturationFlow >= 0
            ? saturationFlow * greenSeconds / cycleSeconds
            : throw new ArgumentOutOfRangeException(nameof(greenSeconds), greenSeconds, "green lies within a cycle longer than 0 s, and the saturation flow is not negative");
}
