namespace TrafficFlow.Core.Frames;

public enum VideoFaultKind
{
    /// <summary>Pictures were damaged or lost: what was counted in them is not to be trusted.</summary>
    Damaged,

    /// <summary>The recording says that it paused: nothing was watched.</summary>
    Pause,

    /// <summary>The recording's clock was set back, or ahead by more than a pause can last: the pictures follow each other as if it had gone on.</summary>
    ClockSet,

    /// <summary>The file ends before the end that it announces: what is missing was not counted.</summary>
    Cut,
}

/// <summary>A time of a recording whose pictures are not all there, or not as they were taken.</summary>
/// <param name="From">Event time from the first frame on.</param>
/// <param name="To">Not before <paramref name="From"/>; equal where the clock was set.</param>
/// <param name="Reason">What was found, for people; it names no source.</param>
public sealed record VideoFault(TimeSpan From, TimeSpan To, VideoFaultKind Kind, string Reason);
