namespace TrafficFlow.Core.Proposal;

/// <summary>
/// What counts as a stream of motion, and where its gate may lie. Lengths are in box sizes of the vehicle (geometric mean of its width and
/// height), so the same values hold at any resolution and at any distance; times are in seconds.
/// </summary>
public sealed record ProposalSettings
{
    public static readonly ProposalSettings Default = new();

    /// <summary>
    /// The second search, among vehicles that belong to no stream: a queue that rolls up by less than a vehicle's length in a short video. It
    /// must do so steadily and for long, since the box of a parked car wanders too.
    /// </summary>
    public static readonly ProposalSettings Creeping = Default with
    {
        LeastTravel = 0.35,
        LeastSeconds = 3,
        LeastDirectness = 0.9,
        SureReach = 0.25,
        SureTravel = 0.5,
        FollowReach = 2.5,
    };

    /// <summary>A path gets a new point when the vehicle has come this far: what stands and jitters leaves one point.</summary>
    public double Spacing { get; init; } = 0.3;

    /// <summary>A vehicle that was hidden for this long, seconds, and is found elsewhere than expected is another vehicle.</summary>
    public double HopSeconds { get; init; } = 0.3;

    /// <summary>How far from the expected place that is.</summary>
    public double HopMiss { get; init; } = 0.6;

    /// <summary>A vehicle that has come less far did not move: a queue that creeps up, a parked car whose box jitters.</summary>
    public double LeastTravel { get; init; } = 1.5;

    /// <summary>What is followed for a shorter time flickers, seconds.</summary>
    public double LeastSeconds { get; init; } = 0.5;

    /// <summary>Beeline over path: what wanders about is no vehicle. A turn back on a narrow road has 0.6.</summary>
    public double LeastDirectness { get; init; } = 0.5;

    /// <summary>The direction at a point is that of the chord this far before and behind it.</summary>
    public double DirectionReach { get; init; } = 0.75;

    /// <summary>How far a vehicle should be followed on either side of a gate, so that its crossing is sure.</summary>
    public double SureReach { get; init; } = 1.5;

    /// <summary>A box nearer to the picture's border than this is on its way out: its ground point is not to be trusted.</summary>
    public double BorderReach { get; init; } = 0.3;

    /// <summary>A box nearer than this to the lower border is cut off by it: its ground point slides along, and is left out of the path's ends.</summary>
    public double CutReach { get; init; } = 0.04;

    /// <summary>Share of the picture's height at which a vehicle is seen half as surely as a near one.</summary>
    public double SmallSize { get; init; } = 0.05;

    /// <summary>A vehicle that takes longer than this to pass a place stands there, seconds.</summary>
    public double StandingSeconds { get; init; } = 3;

    /// <summary>Vehicles side by side up to this far apart drive on one carriageway.</summary>
    public double LaneGap { get; init; } = 3;

    /// <summary>How far a gate reaches beyond the outermost vehicle that was seen.</summary>
    public double Margin { get; init; } = 1;

    /// <summary>The same where vehicles that go another way are near.</summary>
    public double LeastMargin { get; init; } = 0.4;

    /// <summary>Degrees by which vehicles of one stream may head apart.</summary>
    public double SameHeading { get; init; } = 35;

    /// <summary>A track within this distance of a stream's vehicles, and heading their way, goes with that stream.</summary>
    public double FollowReach { get; init; } = 0.8;

    /// <summary>Share of a track that must go with a stream for it to be no stream of its own.</summary>
    public double FollowShare { get; init; } = 0.7;

    /// <summary>A vehicle that came this far is one vehicle's worth of evidence.</summary>
    public double SureTravel { get; init; } = 2;

    /// <summary>Vehicles' worth of evidence that a stream needs.</summary>
    public double LeastEvidence { get; init; } = 0.8;

    /// <summary>The same as a share of all paths: in a long video one stray track makes no stream.</summary>
    public double LeastEvidenceShare { get; init; } = 0.02;

    /// <summary>With fewer vehicles a stream is doubtful.</summary>
    public int SureVehicles { get; init; } = 3;

    /// <summary>Height of a box over its width from which it may be a person: vehicles are hardly taller than wide from anywhere.</summary>
    public double TallShare { get; init; } = 1.6;

    /// <summary>Overlap (intersection over union) from which a person and a vehicle that were detected are the same thing.</summary>
    public double SamePlace { get; init; } = 0.4;

    /// <summary>What is detected as a person too in more than this share of its detections is one.</summary>
    public double PersonShare { get; init; } = 0.25;

    /// <summary>How far a second gate lies from the first at least.</summary>
    public double BranchDistance { get; init; } = 2;

    /// <summary>Vehicles that a second gate needs.</summary>
    public double LeastBranch { get; init; } = 3;

    internal bool IsMoving(MotionPath path) =>
        path.Travel >= LeastTravel && path.Seconds >= LeastSeconds && path.Directness >= LeastDirectness;
}
