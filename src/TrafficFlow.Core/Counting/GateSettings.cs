namespace TrafficFlow.Core.Counting;

/// <summary>When a passed line counts. Lengths in box sizes of the vehicle (geometric mean of width and height), times in seconds.</summary>
public sealed record GateSettings
{
    public static readonly GateSettings Default = new();

    /// <summary>
    /// How far beyond the line the ground point must come before the crossing counts: the hysteresis. What jitters over the line and back,
    /// or comes back at once, stays within it.
    /// </summary>
    public double Beyond { get; init; } = 0.35;

    /// <summary>Of the way from the line to the picture's border, where that is shorter: nothing can be seen to go farther.</summary>
    public double BeyondOfView { get; init; } = 0.5;

    /// <summary>How far beyond the line a track must have ended to have crossed; also how far a box that stands may be off.</summary>
    public double Jitter { get; init; } = 0.12;

    /// <summary>The same in pixels: a small box jitters by more than its share.</summary>
    public double JitterPixels { get; init; } = 2;

    /// <summary>How long a track that begins on the line must stand there to count when it goes, seconds.</summary>
    public double AstrideSeconds { get; init; } = 0.6;

    /// <summary>
    /// How long a crossing is held back so that it is judged, and its class voted, by more of the track, seconds. It is given out earlier when
    /// the track ends. The watermark waits as long.
    /// </summary>
    public double HoldSeconds { get; init; } = 5;

    /// <summary>Whether the way of a track decides, beside the point that passed the line.</summary>
    public bool JudgesWay { get; init; } = true;

    /// <summary>How long before and after the line the way of a crossing is judged, seconds.</summary>
    public double JudgedSeconds { get; init; } = 5;

    /// <summary>
    /// Share of a crossing's way that its steps must bear: a box that leaps to a neighbour, or grows to hold two, has not driven.
    /// </summary>
    public double BorneShare { get; init; } = 0.5;

    /// <summary>Share of the pictures around its crossing in which a vehicle must have been surely detected.</summary>
    public double SeenShare { get; init; } = 0.4;

    /// <summary>For how long before and after the line that is asked, seconds.</summary>
    public double SeenSeconds { get; init; } = 1;

    /// <summary>Share of the ground point's way that the corner of the box that moved least has moved at least, where the vehicle drove.</summary>
    public double CornerShare { get; init; } = 0.25;

    /// <summary>Share of what a box has grown by that another vehicle hid before, from which it was only revealed.</summary>
    public double RevealedShare { get; init; } = 0.5;

    /// <summary>Of about so many last crossings of a gate its traffic's direction is taken.</summary>
    public int StreamCrossings { get; init; } = 50;

    /// <summary>How many must have gone in one direction before the other one can be against the stream.</summary>
    public double StreamLeast { get; init; } = 5;

    /// <summary>Up to which share of the stream vehicles that went in the other direction are exceptions.</summary>
    public double StreamShare { get; init; } = 0.1;

    /// <summary>Against the stream: share of the pictures around the crossing with a sure detection.</summary>
    public double PlainSeenShare { get; init; } = 0.7;

    /// <summary>Against the stream: how far before the line and beyond it it must have been seen, box sizes.</summary>
    public double PlainSizes { get; init; } = 0.5;

    /// <summary>Standard deviation of a standing vehicle's box from one picture to the next that is no leap.</summary>
    public double StepNoise { get; init; } = 0.1;

    /// <summary>Share of the smaller box that two tracks have in common, on the mean while both cross, from which they are one vehicle.</summary>
    public double SameShare { get; init; } = 0.6;

    /// <summary>How far apart in time two crossings of one vehicle by two tracks may be, seconds.</summary>
    public double SameSeconds { get; init; } = 2;

    /// <summary>
    /// For detectors that report moving blobs (motion) instead of vehicles. Blobs merge with neighbours and split again, so the path of a track is not
    /// judged; and what stands is not detected, so no jitter has to be told from a crossing.
    /// </summary>
    internal GateSettings ForBlobs() => this with { JudgesWay = false, Beyond = Jitter };

    /// <summary>How long a track is remembered after its end, so that one that begins in its place is known to be the same vehicle, seconds.</summary>
    public double RememberSeconds { get; init; } = 20;

    /// <summary>Share of a new track's first box that lay in another's box just before, from which it is a piece of that one.</summary>
    public double PieceShare { get; init; } = 0.8;

    /// <summary>How far apart in time a vehicle and a piece of it may cross, seconds.</summary>
    public double PieceSeconds { get; init; } = 1;
}
