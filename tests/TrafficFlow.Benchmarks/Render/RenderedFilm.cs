using System.Diagnostics;
using TrafficFlow.Simulation;
using TrafficFlow.Synthetic;
using TrafficFlow.Synthetic.Truth;

namespace TrafficFlow.Benchmarks.Render;

/// <summary>One picture, what is in it, and what painting it cost with everybody and with vehicles alone.</summary>
internal sealed record RenderedPicture(byte[] Pixels, IReadOnlyList<TrueObject> Objects, double Milliseconds, double PlainMilliseconds);

/// <summary>Moments of one scene some seconds apart, so that hardly any two show the same.</summary>
internal sealed class RenderedFilm : IDisposable
{
    private readonly JunctionPicture _picture;
    private readonly JunctionSimulation _street;
    private readonly JunctionSimulation _plain;
    private readonly Random _random;
    private readonly byte[] _pixels;
    private readonly byte[] _plainPixels;
    private double _seconds;
    private int _number;

    public RenderedFilm(RenderedScene scene, int width, int height)
    {
        _picture = new JunctionPicture(scene.Camera, width, height, scene.Lighting, scene.Seed);
        _street = new JunctionSimulation(scene.Traffic);
        _plain = new JunctionSimulation(scene.Traffic with { Street = StreetSettings.Empty });
        _random = new Random(scene.Seed);
        (_pixels, _plainPixels) = (new byte[width * height * 3], new byte[width * height * 3]);
    }

    public RenderedPicture Next()
    {
        _seconds += 2.5 + (4.5 * _random.NextDouble());
        var plain = Paint(_plain, _plainPixels);
        var cost = Paint(_street, _pixels);
        _number++;
        return new RenderedPicture(_pixels, _picture.ObjectsOf(_street), cost, plain);
    }

    public void Dispose() => _picture.Dispose();

    private double Paint(JunctionSimulation junction, byte[] pixels)
    {
        junction.AdvanceTo(TimeSpan.FromSeconds(_seconds));
        // The list of vehicles and people is made when it is first asked for.
        _ = junction.Vehicles.Count + junction.People.Count;
        var started = Stopwatch.GetTimestamp();
        _picture.Paint(junction, _number, pixels);
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }
}
