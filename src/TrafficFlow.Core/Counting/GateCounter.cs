using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Tracking;

namespace TrafficFlow.Core.Counting;

/// <summary>Turns the tracks of one camera into crossings and flow passages. Pure; forgets a track when it has ended.</summary>
internal sealed class GateCounter
{
    private readonly CameraSetup _camera;
    private readonly GateSettings _settings;
    private readonly GateLine[] _lines;
    private readonly Dictionary<long, TrackPassages> _tracks = [];
    private readonly List<long> _over = [];
    private double _watermark;

    public GateCounter(CameraSetup camera, GateSettings settings)
    {
        _camera = camera;
        _settings = settings;
        _lines = [.. camera.Gates.Select(gate => new GateLine(gate, camera.Frame.Width, camera.Frame.Height))];
    }

    /// <summary>Tracks that are remembered.</summary>
    public int Held => _tracks.Count;

    /// <summary>Takes one step of the tracker and gives out what became final.</summary>
    /// <returns>
    /// Everything before this time (seconds) has been given out; never less than in the step before. A crossing can come later only where
    /// the vehicle was last seen before the line a whole hold ago: it stood across the line or was hidden since.
    /// </returns>
    public double Count(double now, VehicleTracker tracker, DateTimeOffset origin, PipelineOutput output)
    {
        foreach (var track in tracker.Tracks)
        {
            if (track.IsSeen) Follow(track, output);
        }

        var watermark = now;
        foreach (var (number, passages) in _tracks)
        {
            GiveOut(now, passages, origin, output);
            if (passages.Track.HasEnded) _over.Add(number);
            else watermark = Math.Min(watermark, Pending(now, passages));
        }

        foreach (var number in _over) _tracks.Remove(number);
        _over.Clear();
        Sort(output);
        return _watermark = Math.Max(_watermark, watermark);
    }

    /// <summary>Puts crossings and passages in order of time, and of track and gate where times are equal.</summary>
    public static void Sort(PipelineOutput output)
    {
        output.Crossings.Sort(InOrderOfTime);
        output.Passages.Sort(InOrderOfTime);
    }

    private static int InOrderOfTime(Crossing a, Crossing b)
    {
        var byTime = a.Time.CompareTo(b.Time);
        if (byTime != 0) return byTime;
        var byTrack = a.Track.CompareTo(b.Track);
        return byTrack != 0 ? byTrack : string.CompareOrdinal(a.Gate.Value, b.Gate.Value);
    }

    private static int InOrderOfTime(FlowPassage a, FlowPassage b)
    {
        var byTime = a.LeftAt.CompareTo(b.LeftAt);
        return byTime != 0 ? byTime : a.Track.CompareTo(b.Track);
    }

    private void Follow(Track track, PipelineOutput output)
    {
        if (!_tracks.TryGetValue(track.Number, out var passages))
            _tracks.Add(track.Number, passages = new TrackPassages(track, _lines.Length));
        var (x, y) = track.GroundPoint;
        var beyond = Math.Max(_settings.BeyondPixels, _settings.Beyond * track.Size);
        for (var g = 0; g < _lines.Length; g++)
        {
            if (passages.Watches[g].Move(_lines[g], track.Time, x, y, beyond) is not { } crossed) continue;
            passages.Add(new TrackPassages.Passed(_camera.Gates[g].Id, crossed.Direction, crossed.Time, null));
            output.Noticed.Add(new GatePass(_camera.Gates[g].Id, crossed.Direction, track.Number));
        }
    }

    private double Pending(double now, TrackPassages passages)
    {
        var earliest = passages.EarliestPending() ?? now;
        // A hidden vehicle may be crossing at this very moment.
        if (IsWaitedFor(passages.Track.SeenAt)) earliest = Math.Min(earliest, passages.Track.SeenAt);
        for (var g = 0; g < _lines.Length; g++)
        {
            // A vehicle may stand across a line for minutes: it holds the watermark only for a while, and is late after that.
            if (passages.Watches[g].OpenSince(_lines[g]) is { } since && IsWaitedFor(since)) earliest = Math.Min(earliest, since);
        }

        return earliest;

        bool IsWaitedFor(double since) => now - since < _settings.HoldSeconds;
    }

    private void GiveOut(double now, TrackPassages passages, DateTimeOffset origin, PipelineOutput output)
    {
        while (passages.TryTakeCrossing(now, _settings.HoldSeconds, out var passed))
        {
            var (vehicleClass, size, confidence) = passages.Track.Kind();
            var (colour, colourConfidence) = passages.Track.Colours.Winner();
            var ground = passages.Track.Ground;
            var motion = ground?.LookBack(passed.Time);
            passages.Know(passed with { Way = motion?.Way ?? ground?.WayAt(passed.Time) });
            output.Crossings.Add(new Crossing(
                _camera.Id,
                passed.Gate,
                passed.Direction,
                passages.Track.Number,
                At(origin, passed.Time),
                vehicleClass,
                size,
                motion?.SpeedKmh,
                confidence)
            {
                Colour = colour,
                ColourConfidence = colourConfidence,
                SpeedErrorKmh = motion?.SpeedErrorKmh,
                HeadingDegrees = motion?.HeadingDegrees,
                HeadingErrorDegrees = motion?.HeadingErrorDegrees,
                LengthMetres = motion is { } m ? MetricSize.Credible(vehicleClass, new Sized(m.LengthMetres, m.LengthErrorMetres)) : null,
            });
        }

        if (passages.TryTakeFlow(now, _settings.HoldSeconds, out var from, out var to))
        {
            var (vehicleClass, size, confidence) = passages.Track.Kind();
            var mean = passages.Track.Ground?.MeanSpeed(from.Way, to.Way, to.Time - from.Time);
            output.Passages.Add(new FlowPassage(
                _camera.Id,
                from.Gate,
                from.Direction,
                to.Gate,
                to.Direction,
                passages.Track.Number,
                At(origin, from.Time),
                At(origin, to.Time),
                vehicleClass,
                size,
                confidence)
            {
                SpeedKmh = mean?.Kmh,
                SpeedErrorKmh = mean?.ErrorKmh,
            });
        }
    }

    /// <summary>The one way from seconds to event time: a crossing and the watermark that waits for it must agree to the tick.</summary>
    public static DateTimeOffset At(DateTimeOffset origin, double seconds) =>
        origin + TimeSpan.FromTicks((long)Math.Round(seconds * TimeSpan.TicksPerSecond));
}
