using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Recounting;

/// <summary>One camera of a recount.</summary>
internal sealed class CameraRecount(Site site, CameraSetup camera, ScoreBands scores)
{
    private const int FewestPoints = 5;
    private const int MostPoints = 60;
    private const int MostWays = 400;

    private readonly MovementMapper _movements = new(camera, site);
    private readonly Dictionary<long, List<PicturePoint>> _ways = [];
    private readonly Dictionary<long, List<GateId>> _crossed = [];
    private readonly Dictionary<(GateId, CrossingDirection), int> _counts = [];
    private readonly List<SeenWay> _ended = [];
    private readonly PipelineOutput _output = new();

    public List<CountedVehicle> Counted { get; } = [];

    public List<CameraObservation> Observations { get; } = [];

    public IEnumerable<SeenWay> Ways => _ended.TakeLast(MostWays);

    public IEnumerable<GateRecount> Gates => camera.Gates.Select(g => new GateRecount(
        camera.Id, g.Id, _counts.GetValueOrDefault((g.Id, CrossingDirection.Forward)), _counts.GetValueOrDefault((g.Id, CrossingDirection.Backward))));

    public void Run(IReadOnlyList<SeenFrame> frames, TimeSpan gap, CancellationToken cancellation)
    {
        CameraPipeline? pipeline = null;
        var last = DateTimeOffset.MinValue;
        foreach (var frame in frames)
        {
            cancellation.ThrowIfCancellationRequested();
            if (frame.Time <= last) continue;
            if (pipeline is not null && frame.Time - last > gap) pipeline = End(pipeline);
            pipeline ??= new CameraPipeline(camera, scores, site: site.Junction is null ? null : site);
            last = frame.Time;
            pipeline.Process(frame.Time, frame.Detections, _output);
            Take();
            foreach (var track in _output.Tracks)
            {
                if (!track.IsSeen) continue;
                if (!_ways.TryGetValue(track.Number, out var way)) _ways[track.Number] = way = [];
                way.Add(new PicturePoint((track.Box.X + (track.Box.Width / 2)) / camera.Frame.Width, track.Box.Bottom / camera.Frame.Height));
            }

            if (site.Junction is not null) Observations.Add(CameraObservation.Of(camera.Id, frame.Time, _output));
        }

        if (pipeline is not null) End(pipeline);
    }

    /// <summary>Numbers of tracks hold until here.</summary>
    private CameraPipeline? End(CameraPipeline pipeline)
    {
        pipeline.Finish(_output);
        Take();
        foreach (var (track, way) in _ways.Where(w => w.Value.Count >= FewestPoints))
        {
            var step = Math.Max(1, (way.Count + MostPoints - 1) / MostPoints);
            _ended.Add(new SeenWay(camera.Id, [.. way.Where((_, i) => i % step == 0 || i == way.Count - 1)], [.. _crossed.GetValueOrDefault(track) ?? []]));
        }

        _ways.Clear();
        _crossed.Clear();
        return null;
    }

    private void Take()
    {
        foreach (var crossing in _output.Crossings)
        {
            var key = (crossing.Gate, crossing.Direction);
            _counts[key] = _counts.GetValueOrDefault(key) + 1;
            if (!_crossed.TryGetValue(crossing.Track, out var gates)) _crossed[crossing.Track] = gates = [];
            gates.Add(crossing.Gate);
            if (_movements.Count(crossing) is { } vehicle) Counted.Add(vehicle);
        }

        foreach (var passage in _output.Passages) Counted.AddRange(_movements.Count(passage));
    }
}
