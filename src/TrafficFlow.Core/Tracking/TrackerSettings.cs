namespace TrafficFlow.Core.Tracking;

/// <summary>
/// How the tracker judges. Times are in seconds and lengths in box sizes, so the same values hold at any frame rate and resolution.
/// </summary>
public sealed record TrackerSettings
{
    public static readonly TrackerSettings Default = new();

    /// <summary>Standard deviation of a detection's centre, in box sizes (geometric mean of width and height).</summary>
    public double CentreNoise { get; init; } = 0.05;

    /// <summary>Standard deviation of a detection's width and height, in box sizes.</summary>
    public double SizeNoise { get; init; } = 0.08;

    /// <summary>Standard deviation of a vehicle's acceleration in the picture, in box sizes per second squared.</summary>
    public double Acceleration { get; init; } = 4;

    /// <summary>Standard deviation of the unknown velocity of a new track, in box sizes per second.</summary>
    public double NewVelocity { get; init; } = 6;

    /// <summary>Predicted and detected box must agree this much for a sure detection, 0..1.</summary>
    public double FirstSimilarity { get; init; } = 0.15;

    /// <summary>The same for an unsure detection, which may only continue a track that is seen.</summary>
    public double SecondSimilarity { get; init; } = 0.35;

    /// <summary>Squared distance in standard deviations up to which a detection can be the predicted vehicle without overlapping it.</summary>
    public double Gate { get; init; } = 12;

    /// <summary>Seconds from the first detection until a track counts as a vehicle; at least three detections in any case.</summary>
    public double ConfirmAfterSeconds { get; init; } = 0.1;

    public int ConfirmAfterDetections { get; init; } = 3;

    /// <summary>How long an unconfirmed track may be unseen, seconds.</summary>
    public double TentativePatienceSeconds { get; init; } = 0.3;

    /// <summary>How long a moving vehicle may be hidden, seconds.</summary>
    public double MovingPatienceSeconds { get; init; } = 1.5;

    /// <summary>How long a vehicle that is not detected is still taken to be where it is predicted, in live tracks, seconds.</summary>
    public double ShownUnseenSeconds { get; init; } = 0.16;

    /// <summary>How long a standing vehicle may be hidden, seconds: a bus in the next lane hides a queue for a whole red phase.</summary>
    public double StandingPatienceSeconds { get; init; } = 20;

    /// <summary>Below this speed a vehicle stands, box sizes per second.</summary>
    public double StandingSpeed { get; init; } = 0.25;

    /// <summary>How old a track must be before it can count as standing, seconds.</summary>
    public double StandingAfterSeconds { get; init; } = 1;

    /// <summary>Seconds in which the velocity of an unseen vehicle fades to a third.</summary>
    public double FadeSeconds { get; init; } = 1.5;

    /// <summary>A sure detection that lies in a seen track's box by this share begins no track.</summary>
    public double CoveredShare { get; init; } = 0.8;

    /// <summary>The same for the share that all seen tracks cover together: a bus's front between its side and the car before it.</summary>
    public double CoveredByAllShare { get; init; } = 0.8;

    /// <summary>Share of a detection's box that a seen track's has at least where the detection is a second, wider box on it.</summary>
    public double AroundShare { get; init; } = 0.3;

    /// <summary>Share of a vehicle's height within which the lower edge of a motorcycle before it lies above its own.</summary>
    public double BeforeShare { get; init; } = 0.25;

    /// <summary>Overlap (over union) from which a person or bicycle and a vehicle are the same thing, found twice.</summary>
    public double ContestedOverlap { get; init; } = 0.5;

    /// <summary>For detectors that report moving blobs (motion): the size of a blob is not that of a vehicle, so all that compares sizes is off.</summary>
    internal TrackerSettings ForBlobs() => this with
    {
        SureSize = 0,
        UnsureSize = 0,
        CoveredByAllShare = double.PositiveInfinity,
        AroundShare = double.PositiveInfinity,
        HiddenSpeed = double.PositiveInfinity,
        HiddenShare = double.PositiveInfinity,
    };

    /// <summary>A detection is as large as the predicted vehicle, at least by this product of the sides' ratios, 0..1.</summary>
    public double SureSize { get; init; } = 0.45;

    /// <summary>The same for an unsure detection against the last sure one, 0..1.</summary>
    public double UnsureSize { get; init; } = 0.5;

    /// <summary>For how long a standing vehicle can have been led along by another one that drives before it, seconds.</summary>
    public double LedSeconds { get; init; } = 0.7;

    /// <summary>How far it can have been led, box sizes.</summary>
    public double LedSizes { get; init; } = 0.7;

    /// <summary>Share of a standing vehicle's box that another one's covers when it hides it, 0..1.</summary>
    public double HiddenShare { get; init; } = 0.4;

    /// <summary>How fast a vehicle may have started while it was hidden, box sizes per second squared.</summary>
    public double StartAcceleration { get; init; } = 0.6;

    /// <summary>Speed from which the heading of a hidden vehicle is known, box sizes per second.</summary>
    public double HiddenSpeed { get; init; } = 0.5;

    /// <summary>For how long it must have been hidden before where it comes out is held against its heading, seconds.</summary>
    public double HiddenSeconds { get; init; } = 0.25;

    /// <summary>How far behind or beside its heading it may come out all the same, box sizes.</summary>
    public double HiddenBack { get; init; } = 0.3;

    /// <summary>How far it may have gone aside for each step along its heading.</summary>
    public double HiddenTurn { get; init; } = 0.6;

    /// <summary>How far something must have gone to be known to move, box sizes.</summary>
    public double MovedSizes { get; init; } = 1;

    /// <summary>Mean score that something that moved needs to be shown as a vehicle, as a share of a sure one.</summary>
    public double MovedScore { get; init; } = 0.4;

    /// <summary>The same for something that never moved.</summary>
    public double UnmovedScore { get; init; } = 0.85;

    /// <summary>With hindsight: a detection before a track's first overlaps where that was expected by more than this, 0..1.</summary>
    public double BackwardOverlap { get; init; } = 0.4;
}
