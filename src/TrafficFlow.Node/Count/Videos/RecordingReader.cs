using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Recordings;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Count.Siteless;
using TrafficFlow.Synthetic;
using TrafficFlow.Vision.Ffmpeg;

namespace TrafficFlow.Node.Count.Videos;

/// <summary>What became of one file of a recording.</summary>
/// <param name="Start">Event time of its first frame.</param>
/// <param name="Frames">That were counted.</param>
/// <param name="Repeated">Frames that the file before held already.</param>
/// <param name="Seconds">For which the counted frames stand.</param>
/// <param name="Failure">Why it could not be read to its end; null when it was.</param>
internal sealed record FileReport(string Name, DateTimeOffset Start, long Frames, long Repeated, double Seconds, FrameSourceException? Failure);

/// <summary>
/// Reads the files of a recording as one source whose event time goes on from file to file. A file that fails is reported, and the next one
/// is read.
/// </summary>
internal sealed class RecordingReader(RecordingSurvey survey, DateTimeOffset zero, CameraSetup camera, TimeProvider time) : IFrameReader
{
    /// <summary>Behind a longer pause within a file no track goes on.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly RecordingClock _clock = new(zero);
    private readonly List<FileReport> _reports = [];
    private readonly List<VideoFault> _faults = [];
    private IFrameReader? _reader;
    private FilePlace _place;
    private double _rate;
    private DateTimeOffset _watchedFrom;
    private DateTimeOffset _watchedTo;
    private long _frames;
    private long _repeated;
    private int _next;
    private bool _isLengthKnown = true;

    public IReadOnlyList<FileReport> Reports => _reports;

    /// <summary>Rate of the first file that could be opened; 0 before.</summary>
    public double FramesPerSecond { get; private set; }

    public bool IsLive => false;

    public long Dropped => 0;

    /// <summary>Frames in all, as far as the containers tell.</summary>
    public long? ExpectedFrames => survey.Files.All(f => f.Failure is not null || f.Duration is not null)
        ? (long)survey.Files.Where(f => f.Failure is null).Sum(f => f.Duration!.Value.TotalSeconds * Math.Min(camera.Frame.FramesPerSecond, f.Video?.FramesPerSecond ?? double.MaxValue))
        : null;

    /// <summary>The frame that was read last does not go on from the one before it.</summary>
    public bool IsAfterGap { get; private set; }

    /// <summary>The time that could be read, of the files that are done.</summary>
    public IntervalSet Watched { get; private set; } = IntervalSet.Empty;

    /// <summary>From the first frame to the end of the last file that is done.</summary>
    public Interval Span => new(_clock.Zero, _clock.End);

    /// <summary>Of the files that are done.</summary>
    public IReadOnlyList<VideoFault> Faults => _faults;

    /// <summary>Of these files only the first stream of pictures is read.</summary>
    public IEnumerable<(string Name, int Streams)> WithSeveralStreams =>
        survey.Files.Where(f => f.Video?.Streams > 1).Select(f => (f.File.Name, f.Video!.Streams));

    /// <summary>Seconds for which the frames read so far stand.</summary>
    public double SecondsRead => _reports.Sum(r => r.Seconds) + (_rate > 0 ? _frames / _rate : 0);

    /// <summary>The next frame, which the caller then owns; null at the end of the last file.</summary>
    public async ValueTask<AnonymizedFrame?> ReadAsync(CancellationToken cancellation)
    {
        while (_reader is not null || await OpenAsync(cancellation))
        {
            try
            {
                if (await _reader!.ReadAsync(cancellation) is not { } frame)
                {
                    await CloseAsync(null);
                    continue;
                }

                if (frame.EventTime < _place.From)
                {
                    frame.Dispose();
                    _repeated++;
                    continue;
                }

                var isPaused = _frames > 0 && frame.EventTime - _watchedTo > LongestPause;
                if (isPaused)
                {
                    Watched = Watched.Add(new Interval(_watchedFrom, _watchedTo));
                    _watchedFrom = frame.EventTime;
                }

                IsAfterGap = isPaused || (_frames == 0 && _place.IsAfterGap);
                _frames++;
                _watchedTo = frame.EventTime + Length(1);
                return frame;
            }
            catch (FrameSourceException e)
            {
                await CloseAsync(e);
            }
        }

        return null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_reader is not null) await _reader.DisposeAsync();
    }

    /// <returns>False when no file is left. A file that cannot be opened is closed at once.</returns>
    private async ValueTask<bool> OpenAsync(CancellationToken cancellation)
    {
        for (; _next < survey.Files.Count; _next++)
        {
            var surveyed = survey.Files[_next];
            _place = _clock.Next(surveyed.File.NamedStart);
            (_frames, _repeated, _rate, _watchedTo) = (0, 0, 0, _place.Start);
            _isLengthKnown = true;
            _watchedFrom = _place.From > _place.Start ? _place.From : _place.Start;
            try
            {
                if (surveyed.Failure is { } failure) throw failure;
                _reader = await new FrameReaderFactory(_place.Start, FfmpegTimeouts.Default, time).OpenAsync(camera with { Source = surveyed.File.Source }, cancellation);
                _rate = BackgroundLesson.RateOf(_reader, camera);
                if (FramesPerSecond == 0) FramesPerSecond = _rate;
                return true;
            }
            catch (FrameSourceException e)
            {
                Report(surveyed, e);
            }
        }

        return false;
    }

    private async ValueTask CloseAsync(FrameSourceException? failure)
    {
        var faults = _reader!.Faults;
        var shift = _place.Start - zero;
        _faults.AddRange(faults.Select(f => f with { From = f.From + shift, To = f.To + shift }));
        // Of a clock that was set, a container does not know how long it lasted.
        _isLengthKnown = faults.All(f => f.Kind is not (VideoFaultKind.ClockSet or VideoFaultKind.Pause));
        await _reader.DisposeAsync();
        _reader = null;
        Report(survey.Files[_next++], failure);
    }

    private void Report(SurveyedFile surveyed, FrameSourceException? failure)
    {
        if (failure is null) _clock.Ended(_place, _watchedTo, surveyed.Duration, Length(1));
        else _clock.Broke(_place, _watchedTo, (_isLengthKnown ? surveyed.Duration : null) ?? survey.TypicalLength);
        Watched = Watched.Add(new Interval(_watchedFrom, failure is null ? _clock.End : _watchedTo));
        _reports.Add(new FileReport(surveyed.File.Name, _place.Start, _frames, _repeated, _rate > 0 ? _frames / _rate : 0, failure));
        (_frames, _rate) = (0, 0);
    }

    private TimeSpan Length(long frames) => TimeSpan.FromTicks((long)Math.Round(frames * TimeSpan.TicksPerSecond / _rate));
}
