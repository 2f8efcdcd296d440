using System.Numerics;
using TrafficFlow.Core.Frames;
using TrafficFlow.Simulation;
using TrafficFlow.Synthetic.Light;

namespace TrafficFlow.Synthetic.Views;

/// <summary>The simulated street from a pole somewhere beside it: where the camera hangs, how the light falls there, where gates lie.</summary>
/// <param name="Seed">The same seed and aspect give the same view.</param>
/// <param name="Gates">At least one.</param>
public sealed record StreetView(int Seed, ViewCamera Camera, IReadOnlyList<StreetGate> Gates)
{
    private const int Attempts = 400;
    private const int AttemptsForTwo = 250;

    /// <summary>A pole at random height and place with a random lens; never blocked, and always with a carriageway that can be judged.</summary>
    public static StreetView Of(int seed, double aspect)
    {
        var random = new Pcg32((ulong)(uint)seed, 7001);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var camera = PoleDraw.Draw(random, aspect);
            if (!IsUsable(camera)) continue;
            var gates = new GatePlaces(camera).Lay(random);
            if (gates.Count >= (attempt < AttemptsForTwo ? 2 : 1)) return new StreetView(seed, camera, gates);
        }

        throw new FrameSourceException(FrameSourceFailure.Unsupported, $"the view of seed {seed} found no pole that sees a carriageway at an aspect of {aspect:0.##}; take another seed");
    }

    /// <summary>A view from a given pole.</summary>
    /// <exception cref="FrameSourceException">It hangs in a house or a tree, is blocked, sees no road, or none on which a gate could be judged.</exception>
    public static StreetView From(ViewCamera camera, int seed)
    {
        if (camera.Position.Z < 2) throw Refuse("it must hang at least 2 m high");
        if (Outlook.IsInside(camera.Position)) throw Refuse("it hangs inside a house, a tree or a pole: move it");
        var outlook = Outlook.Of(camera);
        if (!outlook.SeesRoad) throw Refuse($"it sees no road ({outlook.Road:P0} of the picture): turn it towards the junction, whose middle is 0,0");
        if (!outlook.IsClear) throw Refuse("its view is blocked or mostly sky: move it or let it look lower");
        var gates = new GatePlaces(camera).Lay(new Pcg32((ulong)(uint)seed, 7002));
        return gates.Count > 0
            ? new StreetView(seed, camera, gates)
            : throw Refuse("it sees no carriageway on which a count could be judged: hang it higher, or nearer, or let it look along the road");

        FrameSourceException Refuse(string why) => new(
            FrameSourceFailure.Unsupported,
            FormattableString.Invariant($"the pole at {camera.Position.X:0.#},{camera.Position.Y:0.#},{camera.Position.Z:0.#} is no camera's place: {why}"));
    }

    /// <summary>This light as it is here and now: the sun elsewhere, another exposure, more or less noise and haze.</summary>
    public Lighting Light(Lighting light)
    {
        var random = new Pcg32((ulong)(uint)Seed, 7003);
        light = light with
        {
            Exposure = light.Exposure * U(0.75, 1.3),
            NoiseSigma = light.NoiseSigma * U(0.4, 1.5),
            HazeMetres = light.HazeMetres * U(0.6, 1.5),
        };
        var (azimuth, elevation) = (U(0, 2 * Math.PI), light.Sun.X > 1 ? U(0.35, 1.25) : U(0.12, 0.4));
        // The diffuse light of clouds and rain comes from everywhere.
        if (light.Sun.X < 0.5f) return light;
        var (flat, up) = (MathF.Cos(elevation), MathF.Sin(elevation));
        return light with { ToSun = new Vector3(flat * MathF.Cos(azimuth), flat * MathF.Sin(azimuth), up) };

        float U(double low, double high) => (float)random.Between(low, high);
    }

    private static bool IsUsable(ViewCamera camera)
    {
        var tilt = MathF.Asin(-camera.Forward.Z) * 180 / MathF.PI;
        if (tilt is < 7 or > 48 || Outlook.IsInside(camera.Position)) return false;
        var outlook = Outlook.Of(camera);
        return outlook.SeesRoad && outlook.IsClear;
    }
}
