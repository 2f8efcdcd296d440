using System.Numerics;
using OpenCvSharp;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Scene;
using TrafficFlow.Simulation;
using TrafficFlow.Simulation.People;
using TrafficFlow.Simulation.Vehicles;
using TrafficFlow.Synthetic.Effects;
using TrafficFlow.Synthetic.Light;
using TrafficFlow.Synthetic.People;
using TrafficFlow.Synthetic.Scenery;
using TrafficFlow.Synthetic.Truth;
using TrafficFlow.Synthetic.Vehicles;
using TrafficFlow.Vision.BuiltIn;
using TrafficFlow.Vision.Onnx;

namespace TrafficFlow.Synthetic;

/// <summary>
/// What one camera of the synthetic junction sees. The empty street is painted once, when this is made (about a second); each picture
/// then costs only its vehicles and people, shadows, lamps and noise. Not thread-safe.
/// </summary>
public sealed class JunctionPicture : IDisposable
{
    private readonly ViewCamera _camera;
    private readonly Lighting _lighting;
    private readonly Background _background;
    private readonly byte[] _street;
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
    private readonly HeadlightGlare? _glare;
    private ObjectFinder? _finder;

    public JunctionPicture(ViewCamera camera, int width, int height, Lighting lighting, int seed)
        : this(camera, Background.Paint(camera, width, height, lighting), lighting, seed)
    {
    }

    /// <param name="background">Of the same camera and light. It is shared, and stays as it is.</param>
    internal JunctionPicture(ViewCamera camera, Background background, Lighting lighting, int seed)
    {
        var (width, height) = (background.Width, background.Height);
        Width = width;
        Height = height;
        _camera = camera;
        _lighting = lighting;
        _background = background;
        _street = [.. background.Pixels];
        _canvas = new Canvas(width, height, _background.Depths);
        _painter = new VehiclePainter(camera, lighting, _canvas);
        _personPainter = new PersonPainter(camera, lighting, _canvas);
        _personMeshes = new PersonMeshes(lighting.StreaksPerMegapixel > 0);
        _shadows = new GroundShadows(camera, lighting, width, height);
        _noise = new SensorNoise(lighting.NoiseSigma, seed);
        _lamps = new SignalLamps(camera, _background.Depths, width, height);
        _pools = lighting.LampsOn ? new HeadlightPools(camera, lighting.PoolShare, width, height) : null;
        _wet = lighting.Wetness > 0 ? new WetRoad(camera, lighting, width, height) : null;
        _streaks = lighting.StreaksPerMegapixel > 0 ? new RainStreaks(lighting, width, height, seed) : null;
        _glare = lighting is { LampsOn: true, Glare: > 0 } ? new HeadlightGlare(camera, _canvas, lighting.Glare, width, height) : null;
        PaintParkedCars();
    }

    public int Width { get; }
    public int Height { get; }

    /// <summary>Paints the junction as it stands into a B G R picture of Width * Height * 3 bytes.</summary>
    /// <param name="index">Number of the picture: it decides the noise.</param>
    public unsafe void Paint(JunctionSimulation junction, long index, Span<byte> pixels)
    {
        if (pixels.Length != Width * Height * 3) throw new ArgumentException("the picture has another size", nameof(pixels));
        _street.CopyTo(pixels);
        var seconds = junction.Now.TotalSeconds;
        fixed (byte* picture = pixels)
        {
            CastShadows(junction);
            _shadows.Apply(picture, _background.Shaded);
            _pools?.Apply(picture);
            if (_wet is not null)
            {
                PaintObjects(junction, seconds, _wet);
                _wet.Apply(picture);
            }

            PaintObjects(junction, seconds);
            foreach (var v in junction.Vehicles) _glare?.Note(v);
            _canvas.MergeInto(picture);
            _lamps.Paint(picture, junction);
            _glare?.Apply(picture);
            using var whole = Mat.FromPixelData(Height, Width, MatType.CV_8UC3, (nint)picture);
            Cv2.GaussianBlur(whole, whole, new Size(3, 3), 0.55);
            _streaks?.Apply(pixels, index);
        }

        _noise.Apply(pixels, Width * 3, index, Drift(seconds));
    }

    /// <summary>
    /// What is in the picture of the junction as it stands: vehicles, parked ones too, people and cyclists, with the share of each that is
    /// seen. Costs about as much as painting; pictures that are only looked at do without.
    /// </summary>
    public IReadOnlyList<TrueObject> ObjectsOf(JunctionSimulation junction)
    {
        var finder = _finder ??= new ObjectFinder(Width, Height, _background.Depths);
        foreach (var v in junction.Vehicles.Concat(junction.Parked).Concat(ParkedCars.All))
        {
            if (IsNearView(v)) finder.Add(v.Class.Name(), v.Id, _meshes.Of(v), Place(v.Centre, v.HeadingRadians, 1));
        }

        foreach (var p in junction.People) Add("person", p.Id, Figure.Of(p), _personMeshes.Of(p));
        foreach (var c in junction.Cyclists) Add("bicycle", c.Id, Figure.Of(c), _personMeshes.Of(c));
        return finder.Take();

        void Add(string name, long id, Figure figure, Mesh mesh)
        {
            if (IsNearView(figure.Place, figure.Height, 1)) finder.Add(name, id, mesh, Place(figure.Place, figure.Heading, figure.Scale));
        }

        Placement Place(GroundPoint place, double heading, float scale) => new(_camera, finder.Canvas, place, heading, scale);
    }

    private unsafe void PaintParkedCars()
    {
        fixed (byte* picture = _street)
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

    private void CastShadows(JunctionSimulation junction)
    {
        _shadows.Clear();
        _pools?.Clear();
        foreach (var v in junction.Vehicles)
        {
            if (!IsNearView(v)) continue;
            _shadows.Add(v);
            _pools?.Add(v);
        }

        foreach (var v in junction.Parked)
        {
            if (IsNearView(v)) _shadows.Add(v);
        }

        foreach (var p in junction.People)
        {
            if (IsNearView(p.Place, p.Height, 1)) _shadows.Add(p);
        }

        foreach (var c in junction.Cyclists)
        {
            if (IsNearView(c.Place, c.Height, CyclistView.Length)) _shadows.Add(c);
        }
    }

    /// <param name="mirror">Where the road's image of them is painted; null for themselves.</param>
    private void PaintObjects(JunctionSimulation junction, double seconds, WetRoad? mirror = null)
    {
        foreach (var v in junction.Vehicles) PaintVehicle(v, seconds, mirror?.Painter);
        foreach (var v in junction.Parked) PaintVehicle(v, seconds, mirror?.Painter);
        foreach (var p in junction.People) PaintFigure(Figure.Of(p), _personMeshes.Of(p), mirror?.PersonPainter);
        foreach (var c in junction.Cyclists) PaintFigure(Figure.Of(c), _personMeshes.Of(c), mirror?.PersonPainter);
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

    private void PaintFigure(in Figure figure, Mesh mesh, PersonPainter? mirror)
    {
        if (!IsNearView(figure.Place, figure.Height, 1)) return;
        var head = new Vector3((float)figure.Place.X, (float)figure.Place.Y, (float)figure.Height);
        var sunShare = SceneTracer.IsInShadow(head, _lighting.ToSun) ? 0 : 1;
        (mirror ?? _personPainter).Paint(figure, mesh, sunShare, mirror is not null);
    }

    private bool IsNearView(in VehicleView v) => IsNearView(v.Centre, v.Height, v.Length);

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
