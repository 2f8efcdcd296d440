namespace TrafficFlow.Core.Recordings;

/// <summary>Where a file lies in the event time of its recording.</summary>
/// <param name="Start">Event time of its first frame.</param>
/// <param name="From">Frames before this were in the file before it already.</param>
/// <param name="IsAfterGap">Nobody knows what happened between the file before and this one: no track goes on over the boundary.</param>
public readonly record struct FilePlace(DateTimeOffset Start, DateTimeOffset From, bool IsAfterGap);

/// <summary>
/// Lays the files of a recording on one axis of event time. A file begins where the one before ended, and tracks go on; where names tell
/// times, these decide, but for the second or two by which names are rounded. What two files both hold is taken from the first.
/// </summary>
public sealed class RecordingClock
{
    /// <summary>Names tell whole seconds, and recorders cut at the next key frame.</summary>
    public static readonly TimeSpan Rounding = TimeSpan.FromSeconds(2);

    private DateTimeOffset _end;
    private DateTimeOffset _watchedTo;
    private bool _isFirst = true;
    private bool _isBroken;

    /// <param name="zero">Event time of the first frame.</param>
    public RecordingClock(DateTimeOffset zero) => Zero = _end = _watchedTo = zero;

    /// <summary>Event time of the first frame.</summary>
    public DateTimeOffset Zero { get; }

    /// <summary>Where the recording ends, as far as it was placed.</summary>
    public DateTimeOffset End => _end;

    /// <param name="named">Start of the next file as its name tells; null where it does not.</param>
    public FilePlace Next(DateTimeOffset? named)
    {
        if (_isFirst)
        {
            _isFirst = false;
            return new FilePlace(Zero, Zero, false);
        }

        if (named is not { } told || (!_isBroken && (told - _end).Duration() <= Rounding)) return new FilePlace(_end, _end, _isBroken);
        return new FilePlace(told, _watchedTo, _isBroken || told > _watchedTo);
    }

    /// <summary>A file was read to its end.</summary>
    /// <param name="watchedTo">End of its last frame.</param>
    /// <param name="duration">As its container tells: frames may be rounded to a rate, and many roundings add up.</param>
    /// <param name="frame">Length of one frame.</param>
    public void Ended(FilePlace place, DateTimeOffset watchedTo, TimeSpan? duration, TimeSpan frame)
    {
        // Less than half a frame earlier is still later than the last frame itself: event time goes on.
        var end = place.Start + duration is { } told && (told - watchedTo).Duration() < frame / 2 ? told : watchedTo;
        _end = Later(end, _watchedTo);
        _watchedTo = Later(_watchedTo, watchedTo);
        _isBroken = false;
    }

    /// <summary>A file could not be opened, or broke off.</summary>
    /// <param name="watchedTo">End of its last frame; its start where there was none.</param>
    /// <param name="length">How long it is, as its container tells or its neighbours suggest: where the next one begins.</param>
    public void Broke(FilePlace place, DateTimeOffset watchedTo, TimeSpan length)
    {
        _watchedTo = Later(_watchedTo, watchedTo);
        _end = Later(place.Start + length, _watchedTo);
        _isBroken = true;
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
