using System.Numerics;
using TrafficFlow.Simulation;
using TrafficFlow.Vision.Synthetic;

namespace TrafficFlow.Benchmarks.Render;

/// <summary>A pole, a light and a traffic, all from one seed.</summary>
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

        var camera = Pole(random, (float)width / height);
        var traffic = JunctionSettings.Default with
        {
            Seed = seed + 5,
            North = new(U(200, 900), 0.18, 0.14),
            East = new(U(200, 800), 0.2, 0.2),
            South = new(U(200, 900), 0.16, 0.16),
            West = new(U(200, 800), 0.22, 0.18),
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

    private static ViewCamera Pole(Random random, float aspect)
    {
        var arm = random.Next(4);
        var side = random.Next(2) == 0 ? -1 : 1;
        var (from, to) = random.Next(3) switch
        {
            0 => (JunctionCameras.At(arm, U(-9, 9), -U(8, 20), U(4.5, 14)), JunctionCameras.At(arm, U(-4, 4), U(0, 16), 0)),
            1 => (JunctionCameras.At(arm, side * U(7.5, 11), U(12, 50), U(4, 12)), JunctionCameras.At(arm, U(-3, 3), U(-10, 10), 0)),
            _ => (JunctionCameras.At(arm, side * U(7.5, 12), U(10, 40), U(4, 13)), JunctionCameras.At(arm, U(-3, 3), U(40, 75), 0)),
        };
        return new ViewCamera(from, to, (float)U(0.45, 1.3), aspect);

        double U(double low, double high) => low + ((high - low) * random.NextDouble());
    }
}
