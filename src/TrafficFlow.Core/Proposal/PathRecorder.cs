using System.Runtime.InteropServices;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Proposal;

/// <summary>
/// Keeps where tracks went. It remembers a point only where a vehicle has come on: an hour of queue takes no more room than a minute.
/// A track that was hidden and goes on where it could not have come to is two paths: it took up with another vehicle. A track on which the
/// detector sees a person again and again is none of a vehicle.
/// </summary>
public sealed class PathRecorder(FrameFormat frame, ProposalSettings settings)
{
    private readonly Dictionary<long, Way> _current = [];
    private readonly List<Way> _ways = [];

    /// <summary>One step of the pipeline. Only confirmed tracks are in it.</summary>
    /// <param name="time">Seconds.</param>
    /// <param name="detections">Of this frame: its persons.</param>
    public void Add(double time, PipelineOutput output, IReadOnlyList<Detection.Detection> detections)
    {
        foreach (var track in output.Tracks)
        {
            if (!track.IsSeen) continue;
            var point = new PathPoint(time, track.Box.CenterX, track.Box.Bottom, track.Box.Width, track.Box.Height);
            ref var way = ref CollectionsMarshal.GetValueRefOrAddDefault(_current, track.Number, out _);
            if (way is null || way.IsHop(point, settings)) _ways.Add(way = new Way());
            way.Add(point, settings);
            way.Observe(detections.Any(d => d.Kind == DetectedKind.Person && d.Box.IntersectionOverUnion(track.Box) >= settings.SamePlace));
        }
    }

    /// <summary>All paths so far, in the order in which they began, numbered from 0.</summary>
    public IReadOnlyList<MotionPath> Paths() =>
        [.. _ways.Where(w => w.PersonShare <= settings.PersonShare).Select(Whole).Where(points => points.Count > 1).Select((points, i) => new MotionPath(i, points, settings.DirectionReach))];

    /// <summary>The path without its ends in which the lower border cuts the wheels off.</summary>
    private List<PathPoint> Whole(Way way)
    {
        var points = way.Points().SkipWhile(IsCut).ToList();
        while (points.Count > 0 && IsCut(points[^1])) points.RemoveAt(points.Count - 1);
        return points;
    }

    private bool IsCut(PathPoint point) => frame.Height - point.Y < settings.CutReach * point.Size;

    private sealed class Way
    {
        private readonly List<PathPoint> _kept = [];
        private PathPoint _last;
        private int _looks;
        private int _persons;

        /// <summary>Of its detections, those that were of a person as well, 0..1.</summary>
        public double PersonShare => _looks > 0 ? (double)_persons / _looks : 0;

        public void Observe(bool isPerson)
        {
            _looks++;
            if (isPerson) _persons++;
        }

        public void Add(in PathPoint point, ProposalSettings settings)
        {
            if (_kept.Count == 0 || Distance(_kept[^1], point) >= settings.Spacing * point.Size) _kept.Add(point);
            _last = point;
        }

        /// <summary>The kept points and the end.</summary>
        public IEnumerable<PathPoint> Points() => _last.Time > _kept[^1].Time ? _kept.Append(_last) : _kept;

        public bool IsHop(in PathPoint point, ProposalSettings settings)
        {
            var hidden = point.Time - _last.Time;
            if (hidden < settings.HopSeconds) return false;
            var from = _kept[^1].Time < _last.Time || _kept.Count == 1 ? _kept[^1] : _kept[^2];
            var seconds = Math.Max(_last.Time - from.Time, settings.HopSeconds);
            var (dx, dy) = ((_last.X - from.X) * hidden / seconds, (_last.Y - from.Y) * hidden / seconds);
            var (missX, missY) = (point.X - _last.X - dx, point.Y - _last.Y - dy);
            return Math.Sqrt((missX * missX) + (missY * missY)) > (settings.HopMiss * _last.Size) + (0.5 * Math.Sqrt((dx * dx) + (dy * dy)));
        }

        private static double Distance(in PathPoint a, in PathPoint b) => Math.Sqrt(((a.X - b.X) * (a.X - b.X)) + ((a.Y - b.Y) * (a.Y - b.Y)));
    }
}
