using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Tracking;

namespace TrafficFlow.Core.Counting;

/// <summary>What was decided on the way to a crossing that was counted. Names are kept in files: they do not change.</summary>
[Flags]
public enum CrossingReasons
{
    None = 0,

    /// <summary>The way from clearly before to clearly beyond the line was judged: driven, not leapt, revealed or jittered.</summary>
    WayJudged = 1,

    /// <summary>The detector reports moving blobs, whose way tells nothing: the point alone decided.</summary>
    PointAlone = 2,

    /// <summary>First seen standing on the line, and counted when it went.</summary>
    WasAstride = 4,

    /// <summary>The track ended a little beyond the line.</summary>
    EndedBeyond = 8,

    /// <summary>Not detected in some pictures while it passed the line, and found again beyond it.</summary>
    HiddenAtLine = 16,

    /// <summary>Against the stream of this gate, and seen plainly.</summary>
    AgainstStream = 32,

    /// <summary>Its track had touched the line in this direction before, which was not counted.</summary>
    TouchedBefore = 64,

    /// <summary>Another track crossed with it, in another place: another vehicle.</summary>
    OtherBeside = 128,

    /// <summary>Another track was a second box on this vehicle; the better seen one counts, which is this.</summary>
    SecondBox = 256,

    /// <summary>Another track crossed with it in the same place, and one of the two is a motorcycle: two vehicles.</summary>
    OtherKindBeside = 512,

    /// <summary>Followed as somebody on two wheels, and counted once the second model had said motorcycle.</summary>
    FollowedAsRider = 1024,

    /// <summary>The measured length decided between light and heavy goods.</summary>
    LengthDecided = 2048,

    /// <summary>Given out after the watermark had passed it: it stood across the line or was hidden for long.</summary>
    Late = 4096,

    /// <summary>The track had ended when it was decided: no more of it will come.</summary>
    TrackOver = 8192,
}

/// <summary>One picture in which a track was detected.</summary>
/// <param name="Frame">Number of the picture.</param>
/// <param name="Box">As detected, pixels.</param>
/// <param name="Score">The detector's own, 0..1.</param>
public readonly record struct TrackObservation(long Frame, DateTimeOffset Time, Box Box, double Score);

/// <summary>Why a crossing was counted: what its camera saw and what was decided. Lengths in pixels of the frame, or in box sizes of the vehicle.</summary>
public sealed record CrossingEvidence
{
    public TrackObservation FirstSeen { get; init; }

    /// <summary>The last picture before the line.</summary>
    public TrackObservation Before { get; init; }

    /// <summary>The first one at the line or beyond it.</summary>
    public TrackObservation After { get; init; }

    /// <summary>The last one when it was decided.</summary>
    public TrackObservation LastSeen { get; init; }

    /// <summary>Where the ground point met the line.</summary>
    public double X { get; init; }

    public double Y { get; init; }

    /// <summary>How far from the line the ground point was farthest before it, pixels; and in box sizes.</summary>
    public double BeforePixels { get; init; }

    public double BeforeSizes { get; init; }

    /// <summary>The same beyond it.</summary>
    public double BeyondPixels { get; init; }

    public double BeyondSizes { get; init; }

    /// <summary>Share of the pictures around the line in which it was surely detected, 0..1.</summary>
    public double SeenShare { get; init; }

    public TrackStanding Standing { get; init; }

    /// <summary>Score from which a detection of this detector is sure.</summary>
    public double SureScore { get; init; }

    public CrossingReasons Reasons { get; init; }

    /// <summary>The other track of <see cref="CrossingReasons.OtherBeside"/>, <see cref="CrossingReasons.SecondBox"/> or <see cref="CrossingReasons.OtherKindBeside"/>.</summary>
    public long? OtherTrack { get; init; }

    /// <summary>Share of the smaller box that the two had in common while both crossed, 0..1.</summary>
    public double OtherShare { get; init; }

    /// <summary>Of the gate's last counted crossings, those in each direction; older ones weigh less.</summary>
    public double StreamForward { get; init; }

    public double StreamBackward { get; init; }

    public DateTimeOffset DecidedAt { get; init; }

    public long DecidedFrame { get; init; }
}
