namespace TrafficFlow.Core.Tracking.Ground;

/// <summary>How the motion of vehicles on the ground is judged. Lengths in metres and shares of a box: they hold for any camera.</summary>
public sealed record GroundMotionSettings
{
    public static readonly GroundMotionSettings Default = new();

    /// <summary>Standard deviation of a box's side, pixels; adds to <see cref="SideShare"/>.</summary>
    public double SidePixels { get; init; } = 0.7;

    /// <summary>The same as a share of the box's width (left, right) or height (top, bottom).</summary>
    public double SideShare { get; init; } = 0.025;

    /// <summary>Factor on the standard deviations of a box of a new track; each track learns its own, for detectors differ.</summary>
    public double NewNoise { get; init; } = 1.5;

    public double LeastNoise { get; init; } = 0.5;

    public double MostNoise { get; init; } = 4;

    /// <summary>How fast that factor is learnt, share a side.</summary>
    public double NoiseLearning { get; init; } = 0.01;

    /// <summary>A side farther off than this many standard deviations is believed less.</summary>
    public double OutlierDeviations { get; init; } = 3;

    /// <summary>How much a speed may change, metres per second per square root of a second.</summary>
    public double Acceleration { get; init; } = 1.5;

    /// <summary>Standard deviation of the curvature of a new track, 1/metres.</summary>
    public double NewCurvature { get; init; } = 0.05;

    /// <summary>How much the curvature may change, 1/metres per square root of a metre.</summary>
    public double CurvatureChange { get; init; } = 0.03;

    /// <summary>Metres on which a bend fades to a third when nothing speaks for it.</summary>
    public double StraightensMetres { get; init; } = 15;

    /// <summary>How far a vehicle drifts beside its heading, metres per square root of a metre; as much in radians for the heading.</summary>
    public double Slip { get; init; } = 0.01;

    /// <summary>How far a vehicle must have moved before its heading is known, metres; at least two standard deviations of its place in any case.</summary>
    public double MovedMetres { get; init; } = 1.2;

    /// <summary>Where a vehicle's way points elsewhere than its heading by more than this, the heading was wrong, degrees.</summary>
    public double WrongHeadingDegrees { get; init; } = 50;

    /// <summary>Length of the way that decides about that, metres.</summary>
    public double WayMetres { get; init; } = 2.5;

    /// <summary>How much the outline of real vehicles differs from a block, as a share of their length: a floor of the place's error.</summary>
    public double OutlineShare { get; init; } = 0.03;

    /// <summary>The same for the error of a length: detectors add a margin, or cut a bonnet off.</summary>
    public double LengthShare { get; init; } = 0.05;

    /// <summary>How far before and after a moment its boxes are looked at, seconds.</summary>
    public double LookBackSeconds { get; init; } = 1.6;

    /// <summary>
    /// Looking back, a side so many standard deviations off is believed half as much as one that fits (Cauchy's weights): boxes of real detectors err
    /// by jumps that last, and most of them are right.
    /// </summary>
    public double LookBackOutlierDeviations { get; init; } = 1.5;

    /// <summary>Largest factor on the standard deviations of a track's boxes when looking back: what is worse is left to the outliers.</summary>
    public double LookBackMostNoise { get; init; } = 1;

    /// <summary>Standard deviation of a vehicle's acceleration, metres per second squared.</summary>
    public double TypicalAcceleration { get; init; } = 2;

    /// <summary>Standard deviation of its change, metres per second cubed.</summary>
    public double TypicalJerk { get; init; } = 1;

    /// <summary>Standard deviation of the change of curvature with the way, 1/metres squared.</summary>
    public double TypicalBending { get; init; } = 0.02;

    /// <summary>By how much the errors of a box last from frame to frame: a factor on variances that take them for independent.</summary>
    public double LastingErrors { get; init; } = 3;

    /// <summary>A speed less certain than this is not given at all, km/h.</summary>
    public double MostSpeedErrorKmh { get; init; } = 5;

    /// <summary>Seconds in which the speed of an unseen vehicle fades to a third.</summary>
    public double FadeSeconds { get; init; } = 1.5;
}
