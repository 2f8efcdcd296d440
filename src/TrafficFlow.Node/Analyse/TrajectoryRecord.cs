using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using TrafficFlow.Analysis.Records;
using TrafficFlow.Analysis.Studies;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;
using TrafficFlow.Simulation.Replay;

namespace TrafficFlow.Node.Analyse;

/// <summary>
/// Recorded trajectories as what was measured of a junction: so that a study can be made without cameras. The gates of a site file's calibrated cameras, laid on the ground in the trajectories'
/// own metres, say where vehicles enter and leave. Nobody says what they are: all are unclassified.
/// </summary>
internal static partial class TrajectoryRecord
{
    /// <summary>People on foot never move so fast, in metres per second.</summary>
    private const double VehicleSpeed = 4;

    private const double FreeFlowKmh = 40;
    private const double StandsKmh = 5;
    private const double MovesKmh = 10;

    // At 20 points a second the jitter of a position would add up to a way, and to speeds, of its own.
    private const double StepSeconds = 1;

    /// <param name="start">Of the first file where its name does not end with _2026-04-01_07-00.</param>
    /// <exception cref="UsageException">There are no such files, or the site has no gates on the ground.</exception>
    /// <exception cref="ReplayScriptException">A file is not whole.</exception>
    public static JunctionRecord Read(IReadOnlyList<string> places, Site site, DateTimeOffset? start, CancellationToken cancellation)
    {
        List<string> files = [.. places.SelectMany(p => Directory.Exists(p) ? Directory.GetFiles(p, "*.csv") : [p]).Order(StringComparer.Ordinal)];
        if (files.Count == 0) throw new UsageException($"--trajectories {string.Join(' ', places)}: there is no trajectory file (*.csv)");
        var (tracks, watched, next) = (new List<(DateTimeOffset From, List<TrackPoint> Points)>(), IntervalSet.Empty, start);
        foreach (var file in files)
        {
            cancellation.ThrowIfCancellationRequested();
            var from = StartOf(file, site.TimeZone) ?? next ?? throw new UsageException($"{file}: its name does not end with the time at which it begins (_2026-04-01_07-00.csv): give --from");
            next = from + TrajectoryFile.Length;
            watched = watched.Add(new Interval(from, next.Value));
            tracks.AddRange(TrajectoryFile.Read(file).Where(t => FastestMetresPerSecond(t) > VehicleSpeed).Select(t => (from, t)));
        }

        return Of(tracks, watched, site);
    }

    /// <param name="tracks">Of vehicles, each with the time from which its seconds count.</param>
    /// <exception cref="UsageException">The site has no gates on the ground, or nobody passes one.</exception>
    internal static JunctionRecord Of(IReadOnlyList<(DateTimeOffset From, List<TrackPoint> Points)> tracks, IntervalSet watched, Site site)
    {
        var gates = GroundGates.Of(site);
        var entering = gates.Where(g => g.Role == GateRole.Enters).ToList();
        if (entering.Count == 0)
            throw new UsageException($"the site {site.Id} has no calibrated gate that enters an approach: draw gates and give ground points in the metres of the trajectories (deploy/ANALYSIS.md shows how)");
        var journeys = ImmutableArray.CreateBuilder<Journey>();
        foreach (var (from, points) in tracks)
        {
            if (JourneyOf(points, from, gates, journeys.Count + 1) is { } journey) journeys.Add(journey);
        }

        if (journeys.Count == 0) throw new UsageException($"none of the {tracks.Count} vehicles passes a gate of {site.Id}: are its ground points in the metres of the trajectories?");
        var (ended, headings) = (journeys.OrderBy(j => j.LastSeenAt).ToImmutableArray(), ApproachHeadings.Of(site));
        var span = new Interval(watched.Intervals[0].From, watched.Intervals[^1].To);
        return new JunctionRecord(
            site.Id, site.Name, site.TimeZone, span,
            [.. site.Approaches.Select(a => new ApproachRecord(a.Id, a.Name, entering.Exists(g => g.Approach == a.Id) ? watched : IntervalSet.Empty, [], RecordReader.SeenMetres(a.Id, ended)) { HeadingDegrees = headings.TryGetValue(a.Id, out var heading) ? heading : null })],
            [.. site.Cameras.Select(c => new CameraRecord(c.Id, watched, IntervalSet.Empty, [.. entering.Where(g => g.Camera == c.Id).Select(g => g.Approach).Distinct()]))],
            ended)
        {
            Provenance = [new Provenance(site.Hash, "trajectories", "", site.Cameras.Select(c => c.Plane?.Version).FirstOrDefault(v => v is not null) ?? Provenance.NoCalibration)],
        };
    }

    private static Journey? JourneyOf(List<TrackPoint> track, DateTimeOffset from, IReadOnlyList<GroundGate> gates, int number)
    {
        (GroundGate Gate, double Seconds, double Along)? entry = null;
        (GroundGate Gate, double Seconds, double Along)? exit = null;
        for (var i = 1; i < track.Count; i++)
        {
            foreach (var gate in gates)
            {
                var (before, after) = (gate.Line.Side(track[i - 1].X, track[i - 1].Y), gate.Line.Side(track[i].X, track[i].Y));
                if (before > 0 || after <= 0 || gate.Line.Along(track[i].X, track[i].Y) is var along && (along < 0 || along > gate.Line.Length)) continue;
                var at = track[i - 1].Seconds + ((track[i].Seconds - track[i - 1].Seconds) * before / (before - after));
                // It enters once, and leaves where it was seen last to do so.
                if (gate.Role == GateRole.Enters) entry ??= (gate, at, along);
                else if (entry is null || at > entry.Value.Seconds) exit = (gate, at, along);
            }
        }

        if (entry is null && exit is null) return null;
        var steps = Thinned(track);
        var (metres, stops, stopped, isStanding) = (0.0, 0, 0.0, SpeedOf(steps, 1) < StandsKmh);
        (double Seconds, TrackPoint At)? queued = null;
        var end = exit?.Seconds ?? track[^1].Seconds;
        for (var i = 1; i < steps.Count && steps[i - 1].Seconds < end; i++)
        {
            metres += Metres(steps[i - 1], steps[i]);
            var speed = SpeedOf(steps, i);
            if (isStanding || speed < StandsKmh) stopped += steps[i].Seconds - steps[i - 1].Seconds;
            if (isStanding && speed > MovesKmh) isStanding = false;
            else if (!isStanding && speed < StandsKmh)
            {
                (isStanding, stops) = (true, stops + 1);
                if (entry is { } gate && steps[i].Seconds < gate.Seconds) queued ??= (steps[i].Seconds, steps[i]);
            }
        }

        var taken = end - track[0].Seconds;
        return new Journey(number, entry?.Gate.Approach, exit?.Gate.Approach, entry is { } e ? from.AddSeconds(e.Seconds) : null, exit is { } x ? from.AddSeconds(x.Seconds) : null, VehicleClass.Unclassified, 0)
        {
            FirstSeenAt = from.AddSeconds(track[0].Seconds),
            LastSeenAt = from.AddSeconds(track[^1].Seconds),
            EnterSpeedKmh = entry is { } g ? SpeedAt(steps, g.Seconds) : null,
            LeaveSpeedKmh = exit is { } l ? SpeedAt(steps, l.Seconds) : null,
            DistanceMetres = metres,
            Stops = stops,
            StoppedSeconds = stopped,
            DelaySeconds = Math.Max(0, taken - (metres / (FreeFlowKmh / 3.6))),
            // Forward lies to the left of the line, so that it runs to the driver's right.
            LateralMetres = entry is { } lane ? lane.Along - (lane.Gate.Line.Length / 2) : null,
            QueuedAt = queued is { } q ? from.AddSeconds(q.Seconds) : null,
            QueuedMetres = queued is { } w && entry is { } of ? Math.Max(0, -of.Gate.Line.Side(w.At.X, w.At.Y)) : null,
            Cameras = 1,
        };
    }

    private static List<TrackPoint> Thinned(List<TrackPoint> track)
    {
        var steps = new List<TrackPoint> { track[0] };
        foreach (var point in track)
        {
            if (point.Seconds - steps[^1].Seconds >= StepSeconds) steps.Add(point);
        }

        return steps;
    }

    private static double SpeedOf(List<TrackPoint> steps, int i) => i < steps.Count && i > 0 ? Metres(steps[i - 1], steps[i]) / (steps[i].Seconds - steps[i - 1].Seconds) * 3.6 : 0;

    private static double? SpeedAt(List<TrackPoint> steps, double seconds)
    {
        var i = steps.FindIndex(s => s.Seconds > seconds);
        return i > 0 ? SpeedOf(steps, i) : null;
    }

    private static double FastestMetresPerSecond(List<TrackPoint> track)
    {
        var steps = Thinned(track);
        return Enumerable.Range(1, Math.Max(0, steps.Count - 1)).Select(i => SpeedOf(steps, i) / 3.6).DefaultIfEmpty(0).Max();
    }

    private static double Metres(TrackPoint a, TrackPoint b) => Math.Sqrt(((a.X - b.X) * (a.X - b.X)) + ((a.Y - b.Y) * (a.Y - b.Y)));

    private static DateTimeOffset? StartOf(string file, TimeZoneInfo zone)
    {
        if (!NamedTime().Match(Path.GetFileNameWithoutExtension(file)).Success) return null;
        var text = Path.GetFileNameWithoutExtension(file)[^16..];
        return DateTime.TryParseExact(text, "yyyy-MM-dd'_'HH-mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) && !zone.IsInvalidTime(local) ? new DateTimeOffset(local, zone.GetUtcOffset(local)) : null;
    }

    [GeneratedRegex(@"\d{4}-\d{2}-\d{2}_\d{2}-\d{2}$")]
    private static partial Regex NamedTime();
}
