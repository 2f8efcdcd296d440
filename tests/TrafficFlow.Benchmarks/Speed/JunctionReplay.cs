using TrafficFlow.Core;
using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;
using TrafficFlow.Simulation;
using TrafficFlow.Simulation.Vehicles;
using TrafficFlow.Synthetic;
using TrafficFlow.Synthetic.Truth;

namespace TrafficFlow.Benchmarks.Speed;

/// <summary>One camera's pipeline beside the simulation that its pictures show: which track is which vehicle, and how far off it is.</summary>
internal sealed class JunctionReplay
{
    public static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    // A track is the vehicle whose box it covers best; less than that, and it is nobody's.
    private const double SameVehicle = 0.5;
    private const double NearMetres = 25;

    private readonly CameraSetup _camera;
    private readonly ViewCamera _view;
    private readonly CameraPipeline _pipeline;
    private readonly JunctionSimulation _junction;
    private readonly PipelineOutput _output = new();
    private readonly List<Dictionary<long, VehicleView>> _frames = [];
    private readonly List<double> _times = [];
    private readonly Dictionary<(long Track, int Frame), long> _vehicleOf = [];
    private readonly List<Crossing> _crossings = [];
    private readonly List<(double Time, double Metres)> _places = [];

    public JunctionReplay(int arm, int seed, ScoreBands scores)
    {
        _camera = SyntheticJunction.Site.Cameras[arm];
        _view = JunctionCameras.Of(arm, (double)_camera.Frame.Width / _camera.Frame.Height);
        _pipeline = new CameraPipeline(_camera, scores);
        _junction = new JunctionSimulation(JunctionSettings.Default with { Seed = seed });
    }

    /// <summary>As if a detector found every vehicle, each side of its box off by Gaussian noise.</summary>
    public SpeedResult RunTrueBoxes(double seconds, double noisePixels)
    {
        var random = new Random(1);
        var found = new List<Detection>();
        for (var i = 0; i < seconds * _camera.Frame.FramesPerSecond; i++)
        {
            var time = i / _camera.Frame.FramesPerSecond;
            _junction.AdvanceTo(TimeSpan.FromSeconds(time));
            found.Clear();
            foreach (var (box, _) in Boxes())
            {
                if (box.Width < 8 || box.Height < 8) continue;
                var seen = Box.FromCorners(box.X + Noise(), box.Y + Noise(), box.Right + Noise(), box.Bottom + Noise());
                found.Add(new Detection(seen.ClipTo(_camera.Frame.Width, _camera.Frame.Height), 0.9f, VehicleClass.Unclassified));
            }

            Take(Start.AddSeconds(time), found);
        }

        return Finish(0);

        float Noise() => (float)(noisePixels * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
    }

    public void Take(DateTimeOffset time, IReadOnlyList<Detection> found)
    {
        _junction.AdvanceTo(time - Start);
        var frame = _frames.Count;
        _frames.Add(_junction.Vehicles.ToDictionary(v => v.Id));
        _times.Add((time - Start).TotalSeconds);
        _pipeline.Process(time, found, _output);
        _crossings.AddRange(_output.Crossings);
        var boxes = Boxes().ToList();
        foreach (var track in _output.Tracks)
        {
            var (box, vehicle) = boxes.OrderByDescending(b => b.Box.IntersectionOverUnion(track.Box)).FirstOrDefault();
            if (!track.IsSeen || box.IntersectionOverUnion(track.Box) < SameVehicle) continue;
            _vehicleOf[(track.Number, frame)] = vehicle.Id;
            var centre = new GroundPoint(vehicle.Centre.X, vehicle.Centre.Y);
            if (track.Ground is { } ground && Math.Abs(centre.X) < NearMetres && Math.Abs(centre.Y) < NearMetres)
                _places.Add((_times[^1], ground.Centre.DistanceTo(centre)));
        }
    }

    /// <param name="from">Only what came after, seconds.</param>
    public SpeedResult Finish(double from)
    {
        _pipeline.Finish(_output);
        _crossings.AddRange(_output.Crossings);
        var (errors, unmeasured) = (new List<SpeedError>(), 0);
        foreach (var crossing in _crossings)
        {
            var time = (crossing.Time - Start).TotalSeconds;
            var after = _times.FindIndex(t => t > time);
            // A track that is nobody's there is a matter of counting, not of speed.
            if (time < from || after < 1 || VehicleAt(crossing.Track, after) is not { } id) continue;
            if (!_frames[after - 1].TryGetValue(id, out var a) || !_frames[after].TryGetValue(id, out var b)) continue;
            if (crossing is not { SpeedKmh: { } kmh, HeadingDegrees: { } heading, LengthMetres: { } length })
            {
                unmeasured++;
                continue;
            }

            var share = (time - _times[after - 1]) / (_times[after] - _times[after - 1]);
            var speed = 3.6 * (a.Speed + (share * (b.Speed - a.Speed)));
            var turned = a.HeadingRadians + (share * Math.IEEERemainder(b.HeadingRadians - a.HeadingRadians, 2 * Math.PI));
            errors.Add(new SpeedError(
                kmh - speed, crossing.SpeedErrorKmh!.Value, Math.IEEERemainder(heading - (90 - (turned * 180 / Math.PI)), 360), length - a.Length));
        }

        return new SpeedResult(errors, [.. _places.Where(p => p.Time >= from).Select(p => p.Metres)], unmeasured);
    }

    private long? VehicleAt(long track, int after) =>
        _vehicleOf.TryGetValue((track, after), out var id) || _vehicleOf.TryGetValue((track, after - 1), out id) ? id : null;

    private IEnumerable<(Box Box, VehicleView Vehicle)> Boxes()
    {
        foreach (var vehicle in _junction.Vehicles)
        {
            if (TrueBoxes.Of(_view, vehicle, _camera.Frame.Width, _camera.Frame.Height) is { } box) yield return (box, vehicle);
        }
    }
}
