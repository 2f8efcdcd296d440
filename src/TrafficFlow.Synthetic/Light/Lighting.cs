using System.Numerics;

namespace TrafficFlow.Synthetic.Light;

/// <summary>Light of one time of day. Colours are linear red, green, blue; 1 is a white card in full sun.</summary>
/// <param name="ToSun">Direction from the ground to the sun.</param>
/// <param name="Exposure">How bright the camera makes it.</param>
/// <param name="LampsOn">Headlights, street lamps and windows are lit.</param>
/// <param name="NoiseSigma">Sensor noise in grey levels.</param>
public sealed record Lighting(
    string Name, Vector3 ToSun, Vector3 Sun, Vector3 Sky, Vector3 Horizon, float Exposure, bool LampsOn, float NoiseSigma)
{
    public static readonly Lighting Day = new(
        "day", Vector3.Normalize(new Vector3(-0.55f, -0.62f, 0.95f)), new(2.9f, 2.68f, 2.3f), new(0.58f, 0.70f, 0.92f), new(1.15f, 1.2f, 1.25f), 1.0f, false, 2.2f);

    public static readonly Lighting Cloudy = new(
        "cloudy", Vector3.Normalize(new Vector3(-0.3f, -0.4f, 1f)), new(0.35f, 0.35f, 0.35f), new(1.1f, 1.16f, 1.22f), new(1.3f, 1.32f, 1.35f), 1.15f, false, 2.4f);

    public static readonly Lighting Dusk = new(
        "dusk", Vector3.Normalize(new Vector3(-0.92f, -0.25f, 0.28f)), new(0.75f, 0.42f, 0.2f), new(0.30f, 0.34f, 0.52f), new(0.9f, 0.6f, 0.42f), 1.35f, true, 2.8f);

    public static readonly Lighting Night = new(
        "night", Vector3.Normalize(new Vector3(-0.3f, -0.4f, 1f)), Vector3.Zero, new(0.022f, 0.026f, 0.04f), new(0.05f, 0.045f, 0.05f), 2.1f, true, 3.2f);

    /// <summary>Steady rain by day: a wet road that mirrors, haze, streaks, and lamps that are lit.</summary>
    public static readonly Lighting Rain = new(
        "rain", Vector3.Normalize(new Vector3(-0.3f, -0.4f, 1f)), new(0.06f, 0.06f, 0.06f), new(0.60f, 0.63f, 0.67f), new(0.72f, 0.74f, 0.77f), 1.6f, true, 3.0f)
    {
        Wetness = 1,
        HazeMetres = 240,
        PoolShare = 0.3f,
        StreaksPerMegapixel = 1300,
        Veil = 0.1f,
    };

    public static readonly IReadOnlyList<Lighting> All = [Day, Cloudy, Dusk, Night, Rain];

    /// <summary>How wet the road is, 0 dry to 1 standing water: it darkens and mirrors what is above it.</summary>
    public float Wetness { get; init; }

    /// <summary>Distance at which two thirds of the light is the haze's own.</summary>
    public float HazeMetres { get; init; } = 900;

    /// <summary>How much headlights throw on the road, compared with the dark hours.</summary>
    public float PoolShare { get; init; } = 1;

    /// <summary>Drops that draw a streak in one picture.</summary>
    public float StreaksPerMegapixel { get; init; }

    /// <summary>Share of an even grey over the whole picture: water on the lens and in the air near it.</summary>
    public float Veil { get; init; }

    /// <summary>How strongly headlights that face the camera dazzle it while lamps are lit; 0 not at all, 1 as a clean lens, 2 as a dirty one.</summary>
    public float Glare { get; init; }

    /// <summary>What a mirror sees in a direction: sky above, ground below.</summary>
    public Vector3 Environment(Vector3 direction)
    {
        if (direction.Z < 0) return Vector3.Lerp(Horizon, Sky, 0.3f) * 0.22f;
        var t = MathF.Sqrt(direction.Z);
        return Vector3.Lerp(Horizon, Sky, MathF.Min(1, t * 1.2f));
    }
}
