using System.Numerics;
using TrafficFlow.Simulation;

namespace TrafficFlow.Synthetic.Light;

/// <summary>The lamps' light at a place: where most of it comes from, and how much of it there is.</summary>
internal readonly record struct LampField(Vector3 To, Vector3 Colour);

/// <summary>The street's lamps: where they hang, and their light on a place once they are lit.</summary>
internal static class StreetLamps
{
    public const double Height = 8.4;
    public const double Reach = 1.4;
    private static readonly Vector3 s_colour = new(11.5f, 10.2f, 7.6f);

    /// <summary>Distances from the middle at which each arm has a lamp, on the side of the leaving lanes.</summary>
    public static readonly IReadOnlyList<double> Distances = [14.5, 34, 70, 106];

    private static readonly Vector3[] s_places =
        [.. from arm in Enumerable.Range(0, 4) from b in Distances select JunctionCameras.At(arm, -(JunctionLayout.HalfWidth + 0.8 - Reach), b, Height)];

    public static Vector3 Light(Vector3 place, Vector3 normal)
    {
        var sum = 0f;
        foreach (var lamp in s_places)
        {
            var to = lamp - place;
            var square = to.LengthSquared();
            if (square > 900) continue;
            var distance = MathF.Sqrt(square);
            // Lamps shine downwards; walls and roofs above them stay dark.
            var downwards = MathF.Max(0, to.Z / distance);
            sum += MathF.Max(0, Vector3.Dot(normal, to) / distance) * downwards / (8 + square);
        }

        return s_colour * sum;
    }

    /// <summary>All lamps as one, for what is small beside their distance.</summary>
    public static LampField Field(Vector3 place)
    {
        var sum = Vector3.Zero;
        foreach (var lamp in s_places)
        {
            var to = lamp - place;
            var square = to.LengthSquared();
            if (square > 900) continue;
            sum += to / MathF.Sqrt(square) * (MathF.Max(0, to.Z / MathF.Sqrt(square)) / (8 + square));
        }

        var strength = sum.Length();
        return strength > 0 ? new LampField(sum / strength, s_colour * strength) : new LampField(Vector3.UnitZ, Vector3.Zero);
    }
}
