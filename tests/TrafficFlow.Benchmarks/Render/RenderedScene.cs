using System.Numerics;
using TrafficFlow.Simulation;
using TrafficFlow.Synthetic;
using TrafficFlow.Synthetic.Light;
using TrafficFlow.Synthetic.Views;

namespace TrafficFlow.Benchmarks.Render;

/// <summary>A pole, a light and a traffic, all from one seed: the view is that of `streets`, the light and what is rare vary more.</summary>
internal sealed record RenderedScene(int Seed, ViewCamera Camera, Lighting Lighting, JunctionSettings Traffic)
{
    private static readonly Lighting[] s_lights = [Lighting.Day, Lighting.Day, Lighting.Cloudy, Lighting.Dusk, Lighting.Night, Lighting.Rain];

    public static RenderedScene Draw(int seed, int width, int height)
    {
        var random = new Random(1000 + seed);
        var light = s_lights[seed % s_lights.Length];
        light = light with
        {
            Exposure = light.Exposure * U(0.75, 1.3),
            NoiseSigma = light.NoiseSigma * U(0.3, 1.6),
            HazeMetres = light.HazeMetres * U(0.5, 1.5),
        };
        if (light.Sun.X > 0.5f)
        {
            var (azimuth, elevation) = (U(0, 2 * Math.PI), U(0.3, 1.3));
            light = light with { ToSun = new Vector3(MathF.Cos(azimuth) * MathF.Cos(elevation), MathF.Sin(azimuth) * MathF.Cos(elevation), MathF.Sin(elevation)) };
        }

        var camera = StreetView.Of(seed, (double)width / height).Camera;
        var traffic = StreetTraffic.Of(seed, isJammed: seed % 4 == 3) with
        {
            // Rare classes more often than in traffic: a detector must learn them too.
            Mix = new ClassMix(U(0.4, 0.7), U(0.1, 0.25), U(0.05, 0.2), U(0.02, 0.08), U(0.05, 0.2)),
            Street = new StreetSettings
            {
                PedestriansPerHour = U(0, 1800),
                CyclistsPerHour = U(0, 400),
                Parked = random.Next(0, 26),
                DeliveriesPerHour = U(0, 30),
            },
        };
        return new RenderedScene(seed, camera, light, traffic);

        float U(double low, double high) => (float)(low + ((high - low) * random.NextDouble()));
    }
}
