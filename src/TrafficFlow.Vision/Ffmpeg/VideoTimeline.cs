using TrafficFlow.Core.Frames;

namespace TrafficFlow.Vision.Ffmpeg;

/// <summary>
/// What ffmpeg tells of a file's pictures while it decodes them: where the recording's clock jumped, and which pictures are damaged.
/// One thread takes the lines; another asks about the frames that come out, each of them behind its lines.
/// </summary>
internal sealed class VideoTimeline
{
    /// <summary>Pictures that may come out of the decoder between a complaint and the one that it is about: they are decoded in another order than shown.</summary>
    private const int PicturesOnTheWay = 8;

    /// <summary>No recording pauses for longer: a clock that is further ahead was set.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromHours(12);

    /// <summary>How long a frame waits for its lines: they were written before it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Seconds that a stream may count, decades of them: what a broken one says beyond is not a time.</summary>
    private const double Farthest = 1e9;

    private sealed record Fault(double From, double To, VideoFaultKind Kind, string Said, double Shift = 0);

    private readonly object _lock = new();
    private readonly List<Fault> _closed = [];
    private double _tick;
    private double _last = -1;
    private long _pictures;
    private double? _jump;
    private Fault? _damage;
    private Fault? _seam;
    private long _damagedAt;
    private long _seamAt;
    private long _waitedInVain = -1;
    private bool _ended;

    /// <summary>Time of the last picture, in seconds from the first, without pauses; -1 before it.</summary>
    public double Last
    {
        get
        {
            lock (_lock) return _last;
        }
    }

    public bool HasJumped
    {
        get
        {
            lock (_lock) return _closed.Any(f => f.Kind is VideoFaultKind.Pause or VideoFaultKind.ClockSet);
        }
    }

    public void Take(in FfmpegLine line)
    {
        lock (_lock)
        {
            switch (line.Kind)
            {
                case FfmpegLineKind.TimeBase:
                    _tick = line.Value;
                    break;
                case FfmpegLineKind.Jump:
                    _jump = Math.Clamp(line.Value, -Farthest, Farthest);
                    break;
                case FfmpegLineKind.Picture:
                    Show(Math.Clamp(line.Value * _tick, -Farthest, Farthest), line.IsKey);
                    break;
                // Before the first picture ffmpeg looks for the beginning of one.
                case FfmpegLineKind.Damage when _pictures > 0:
                    _damage ??= _seam is { } seam ? seam with { Said = line.Text } : new Fault(_last, _last, VideoFaultKind.Damaged, line.Text);
                    _seam = null;
                    _damagedAt = _pictures;
                    break;
                case FfmpegLineKind.Seam when _pictures > 0:
                    if (_damage is not null) _damagedAt = _pictures;
                    else _seam ??= new Fault(_last, _last, VideoFaultKind.Damaged, line.Text);
                    _seamAt = _pictures;
                    break;
                default:
                    return;
            }

            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>No line will come any more.</summary>
    public void End()
    {
        lock (_lock)
        {
            _ended = true;
            if (_damage is { } damage) Close(damage);
            _damage = _seam = null;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>The pauses in front of a frame, and whether it is damaged. Waits until the picture that it shows was told.</summary>
    /// <param name="seconds">Its time without pauses: its number over the rate.</param>
    public (TimeSpan Pauses, bool IsDamaged) At(double seconds, double framePeriod)
    {
        lock (_lock)
        {
            while (!_ended && _last < seconds - (framePeriod / 2) && _waitedInVain != _pictures)
            {
                // A last picture that stands for long comes out many times.
                if (!Monitor.Wait(_lock, Patience)) _waitedInVain = _pictures;
            }

            return (Pauses(seconds + (framePeriod / 2)), IsDamaged(seconds, framePeriod));
        }
    }

    /// <summary>Sorted by event time, which counts from the first frame on.</summary>
    public IReadOnlyList<VideoFault> Faults()
    {
        lock (_lock)
        {
            IEnumerable<Fault> all = _damage is { } open ? [.. _closed, open with { To = Math.Max(open.From, _last) }] : _closed;
            return [.. all.OrderBy(f => f.From).Select(Describe)];
        }
    }

    private void Show(double seconds, bool isKey)
    {
        if (_jump is { } jump)
        {
            var isPause = jump > 0 && jump <= LongestPause.TotalSeconds;
            var lost = isPause ? _damage?.Said : null;
            _closed.Add(new Fault(seconds, seconds, isPause ? VideoFaultKind.Pause : VideoFaultKind.ClockSet, lost ?? "", jump));
            // Files whose times do not follow each other were joined there.
            _seam = null;
        }

        var isFirstAfterJump = _jump is not null;
        _jump = null;
        _last = seconds;
        _pictures++;
        if (_damage is { } damage && isKey && _pictures - _damagedAt > PicturesOnTheWay)
        {
            // A recording whose clock goes back is damaged no longer than until it was.
            Close(damage with { To = Math.Max(damage.From, seconds) });
            _damage = null;
        }

        if (_seam is null) return;
        // A key frame follows at once and the decoder saw nothing wrong: two files were joined, each of them whole.
        if (isFirstAfterJump || (isKey && _pictures - _seamAt <= PicturesOnTheWay)) _seam = null;
        else if (_pictures - _seamAt > PicturesOnTheWay)
        {
            _damage = _seam;
            _damagedAt = _seamAt;
            _seam = null;
        }
    }

    private void Close(Fault damage)
    {
        var to = damage.To > damage.From ? damage.To : Math.Max(damage.From, _last);
        if (_closed.FindLastIndex(f => f.Kind == VideoFaultKind.Damaged) is var at and >= 0 && _closed[at].To >= damage.From) _closed[at] = _closed[at] with { To = to };
        else _closed.Add(damage with { To = to });
    }

    private bool IsDamaged(double seconds, double framePeriod)
    {
        if (_damage is { } open && seconds + framePeriod > open.From) return true;
        for (var i = _closed.Count - 1; i >= 0; i--)
        {
            var fault = _closed[i];
            if (fault.Kind == VideoFaultKind.Damaged && seconds + framePeriod > fault.From && seconds < fault.To) return true;
        }

        return false;
    }

    private TimeSpan Pauses(double until) =>
        TimeSpan.FromSeconds(_closed.Where(f => f.Kind == VideoFaultKind.Pause && f.From <= until).Sum(f => f.Shift));

    private VideoFault Describe(Fault fault)
    {
        var from = TimeSpan.FromSeconds(fault.From) + Pauses(fault.From);
        return fault.Kind switch
        {
            VideoFaultKind.Pause when fault.Said.Length > 0 =>
                new(from - TimeSpan.FromSeconds(fault.Shift), from, VideoFaultKind.Damaged, $"lost pictures (ffmpeg: {fault.Said})"),
            VideoFaultKind.Pause => new(from - TimeSpan.FromSeconds(fault.Shift), from, fault.Kind, $"the recording paused for {Length(fault.Shift)}"),
            VideoFaultKind.ClockSet => new(from, from, fault.Kind, fault.Shift < 0
                ? $"the recording's clock was set back by {Length(-fault.Shift)}: times after that are counted on from the pictures before"
                : $"the recording's clock was set ahead by {Length(fault.Shift)}: times after that are counted on from the pictures before"),
            _ => new(from, TimeSpan.FromTicks(Math.Max(from.Ticks, (TimeSpan.FromSeconds(fault.To) + Pauses(fault.To)).Ticks)), fault.Kind, $"damaged pictures (ffmpeg: {fault.Said})"),
        };
    }

    private static string Length(double seconds) => seconds switch
    {
        < 120 => FormattableString.Invariant($"{seconds:0.0} s"),
        < 7200 => FormattableString.Invariant($"{seconds / 60:0.0} min"),
        _ => FormattableString.Invariant($"{seconds / 3600:0.0} h"),
    };
}
