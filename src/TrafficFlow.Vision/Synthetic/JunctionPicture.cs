using System.Numerics;
using System.Runtime.InteropServices;
using OpenCvSharp;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Simulation;
using TrafficFlow.Vision.Synthetic.People;
using TrafficFlow.Vision.Synthetic.Scenery;
using TrafficFlow.Vision.Synthetic.Vehicles;

namespace TrafficFlow.Vision.Synthetic;

/// <summary>
/// What one camera of the synthetic junction sees. The empty street is painted once, when this is made (about a second); each picture
/// then costs only its vehicles and people, shadows, lamps and noise. Not thread-safe.
/// </summary>
public sealed class JunctionPicture : IDisposable
{
    private readonly ViewCamera _camera;
    private readonly Lighting _lighting;
    private readonly Background _background;
    private readonly Canvas _canvas;
    private readonly VehiclePainter _painter;
    private readonly PersonPainter _personPainter;
    private readonly VehicleMeshes _meshes = new();
    private readonly PersonMeshes _personMeshes;
    private readonly GroundShadows _shadows;
    private readonly SensorNoise _noise;
    private readonly SignalLamps _lamps;
    private readonly HeadlightPools? _pools;
    private readonly WetRoad? _wet;
    private readonly RainStreaks? _streaks;

    public JunctionPicture(ViewCamera camera, int width, int height, Lighting lighting, int seed)
    {
        if (width < 16 || height < 16 || ((width | height) & 1) == 1)
            throw new ArgumentException($"a synthetic picture must have even sides of at least 16 pixels, not {width}x{height}");
        Width = width;
        Height = height;
        _camera = camera;
        _lighting = lighting;
        _background = Background.Paint(camera, width, height, lighting);
        _canvas = new Canvas(width, height, _background.Depths);
        _painter = new VehiclePainter(camera, lighting, _canvas);
        _personPainter = new PersonPainter(camera, lighting, _canvas);
        _personMeshes = new PersonMeshes(lighting.StreaksPerMegapixel > 0);
        _shadows = new GroundShadows(camera, lighting, width, height);
        _noise = new SensorNoise(lighting.NoiseSigma, seed);
        _lamps = new SignalLamps(camera, width, height);
        _pools = lighting.LampsOn ? new HeadlightPools(camera, lighting.PoolShare, width, height) : null;
        _wet = lighting.Wetness > 0 ? new WetRoad(camera, lighting, width, height) : null;
        _streaks = lighting.StreaksPerMegapixel > 0 ? new RainStreaks(lighting, width, height, seed) : null;
        PaintParkedCars();
    }

    public int Width { get; }
    public int Height { get; }

    /// <summary>Paints the junction as it stands into a B G R picture of Width * Height * 3 bytes.</summary>
    /// <param name="index">Number of the picture: it decides the noise.</param>
    public unsafe void Paint(JunctionSimulation junction, long index, Span<byte> pixels)
    {
        if (pixels.Length != Width * Height * 3) throw new ArgumentException("the picture has another size", nameof(pixels));
        _background.Pixels.CopyTo(pixels);
        var seconds = junction.Now.TotalSeconds;
        fixed (byte* picture = pixels)
        {
            var (vehicles, people) = (junction.Vehicles, junction.People);
            _shadows.Clear();
            _pools?.Clear();
            for (var i = 0; i < vehicles.Count; i++)
            {
                if (!IsNearView(vehicles[i])) continue;
                _shadows.Add(vehicles[i]);
                _pools?.Add(vehicles[i]);
            }

            for (var i = 0; i < people.Count; i++)
            {
                if (IsNearView(people[i])) _shadows.Add(people[i]);
            }

            _shadows.Apply(picture, _background.Shaded);
            _pools?.Apply(picture);
            if (_wet is not null) Mirror(_wet, vehicles, people, seconds, picture);
            for (var i = 0; i < vehicles.Count; i++) PaintVehicle(vehicles[i], seconds);
            for (var i = 0; i < people.Count; i++) PaintPerson(people[i]);
            _canvas.MergeInto(picture);
            _lamps.Paint(picture, junction);
            using var whole = Mat.FromPixelData(Height, Width, MatType.CV_8UC3, (nint)picture);
            Cv2.GaussianBlur(whole, whole, new Size(3, 3), 0.55);
            _streaks?.Apply(pixels, index);
        }

        _noise.Apply(pixels, Width * 3, index, Drift(seconds));
    }

    private unsafe void PaintParkedCars()
    {
        fixed (byte* picture = _background.Pixels)
        {
            foreach (var car in ParkedCars.All) _shadows.Add(car);
            _shadows.Apply(picture, _background.Shaded);
            foreach (var car in ParkedCars.All) PaintVehicle(car, 0);
            _canvas.MergeInto(picture);
        }
    }

    /// <summary>Thin clouds: a few percent up and down over a minute or two.</summary>
    private static double Drift(double seconds) =>
        1 + (0.018 * Math.Sin(seconds * 0.071)) + (0.012 * Math.Sin((seconds * 0.0293) + 1.7));

    private unsafe void Mirror(WetRoad wet, IReadOnlyList<VehicleView> vehicles, IReadOnlyList<PersonView> people, double seconds, byte* picture)
    {
        for (var i = 0; i < vehicles.Count; i++) PaintVehicle(vehicles[i], seconds, wet.Painter);
        for (var i = 0; i < people.Count; i++) PaintPerson(people[i], wet.PersonPainter);
        wet.Apply(picture);
    }

    private void PaintVehicle(in VehicleView v, double seconds, VehiclePainter? mirror = null)
    {
        if (!IsNearView(v)) return;
        var above = new Vector3((float)v.Centre.X, (float)v.Centre.Y, (float)v.Height + 0.05f);
        var sunShare = SceneTracer.IsInShadow(above, _lighting.ToSun) ? 0 : 1;
        // Each driver's indicator has its own beat.
        var beat = (seconds * 1.4) + (v.Id * 0.37);
        (mirror ?? _painter).Paint(v, _meshes.Of(v), sunShare, beat - Math.Floor(beat) < 0.5, mirror is not null);
    }

    private void PaintPerson(in PersonView p, PersonPainter? mirror = null)
    {
        if (!IsNearView(p)) return;
        var head = new Vector3((float)p.Place.X, (float)p.Place.Y, (float)p.Height);
        var sunShare = SceneTracer.IsInShadow(head, _lighting.ToSun) ? 0 : 1;
        (mirror ?? _personPainter).Paint(p, _personMeshes.Of(p), sunShare, mirror is not null);
    }

    private bool IsNearView(in VehicleView v) => IsNearView(v.Centre, v.Height, v.Length);

    private bool IsNearView(in PersonView p) => IsNearView(p.Place, p.Height, 1);

    private bool IsNearView(GroundPoint place, double height, double length)
    {
        var middle = new Vector3((float)place.X, (float)place.Y, (float)height / 2);
        var depth = _camera.DepthOf(middle);
        if (depth < 2) return false;
        var p = _camera.Project(middle);
        var margin = (length + 3) * _camera.FocalShare / depth;
        return p.X > -margin && p.X < 1 + margin && p.Y > -2 * margin && p.Y < 1 + (2 * margin);
    }

    public void Dispose()
    {
        _shadows.Dispose();
        _pools?.Dispose();
        _wet?.Dispose();
    }
}
